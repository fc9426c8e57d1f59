import { useTranslation } from "react-i18next";
import type { TemplateDefinition } from "../../../api/schema.gen";
import { Checkbox, SelectField, TextField } from "../../../ui/field";
import { ButtonList } from "./button-list";
import { CardList } from "./card-list";
import type { FaultAt } from "./fault-at";
import { HeaderFields } from "./header-fields";
import { TextFields } from "./text-fields";

/** The components of a template whose words are its author's. */
export function PlainFields({
  draft,
  faultAt,
  onChange,
}: {
  draft: TemplateDefinition;
  faultAt: FaultAt;
  onChange: (draft: TemplateDefinition) => void;
}) {
  const { t } = useTranslation("templates");
  const format = draft.parameter_format ?? "positional";
  const offer = draft.limited_time_offer;
  return (
    <>
      <SelectField
        label={t("editor.format")}
        value={format}
        options={(["positional", "named"] as const).map((value) => ({
          value,
          label: t(`editor.${value}`, { example: value === "named" ? "{{first_name}}" : "{{1}}" }),
        }))}
        onChange={(event) =>
          onChange({ ...draft, parameter_format: event.currentTarget.value === "named" ? "named" : "positional" })
        }
      />
      <HeaderFields
        at="header"
        value={draft.header}
        faultAt={faultAt}
        onChange={(header) => onChange({ ...draft, header })}
      />
      <TextFields
        label={t("editor.body")}
        at="body"
        value={draft.body ?? { text: "" }}
        faultAt={faultAt}
        long
        onChange={(body) => onChange({ ...draft, body })}
      />
      <TextField
        label={t("editor.footer")}
        optional
        dir="auto"
        autoComplete="off"
        value={draft.footer ?? ""}
        error={faultAt("footer")}
        onChange={(event) => onChange({ ...draft, footer: event.currentTarget.value })}
      />
      <ButtonList
        at="buttons"
        buttons={draft.buttons ?? []}
        faultAt={faultAt}
        onChange={(buttons) => onChange({ ...draft, buttons })}
      />
      <div className="grid gap-3">
        <Checkbox
          label={t("editor.offer")}
          error={faultAt("limited_time_offer")}
          checked={Boolean(offer)}
          onCheckedChange={(on) =>
            onChange({ ...draft, limited_time_offer: on ? { text: "", has_expiration: true } : null })
          }
        />
        {offer ? (
          <>
            <TextField
              label={t("editor.offerText")}
              dir="auto"
              autoComplete="off"
              value={offer.text}
              error={faultAt("limited_time_offer.text")}
              onChange={(event) =>
                onChange({ ...draft, limited_time_offer: { ...offer, text: event.currentTarget.value } })
              }
            />
            <Checkbox
              label={t("editor.offerEnds")}
              checked={offer.has_expiration ?? false}
              onCheckedChange={(on) => onChange({ ...draft, limited_time_offer: { ...offer, has_expiration: on } })}
            />
          </>
        ) : null}
      </div>
      <CardList cards={draft.cards ?? []} faultAt={faultAt} onChange={(cards) => onChange({ ...draft, cards })} />
    </>
  );
}
