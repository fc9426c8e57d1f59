import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { TemplateButton, TemplateView } from "../../../api/schema.gen";
import { TextField } from "../../../ui/field";
import type { ComposeValues } from "../values";
import { ButtonValueFields } from "./button-fields";
import { HeaderValueFields } from "./header-fields";
import { type Place, useErrorAt } from "./use-error-at";

/** A field for each value that a known template takes. */
export function KnownFields({ view: { definition, parameter_format } }: { view: TemplateView }) {
  const { t } = useTranslation("compose");
  const { register } = useFormContext<ComposeValues>();
  const error = useErrorAt();
  const { cards = [], limited_time_offer: offer } = definition;
  return (
    <>
      <Values at="template" buttons={definition.buttons ?? []} named={parameter_format === "named"} />
      {offer?.has_expiration ? (
        <TextField
          label={t("template.offer")}
          error={error("template.offer")}
          type="datetime-local"
          {...register("template.offer")}
        />
      ) : null}
      {cards.map((card, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cards have no identity but their place.
        <fieldset key={n} className="grid gap-3 border-line border-s-2 ps-3">
          <legend className="mb-1 font-medium text-sm">{t("template.card", { n: n + 1 })}</legend>
          <Values at={`template.cards.${n}`} buttons={card.buttons ?? []} named={parameter_format === "named"} />
        </fieldset>
      ))}
    </>
  );
}

function Values({ at, buttons, named }: { at: Place; buttons: readonly TemplateButton[]; named: boolean }) {
  const { t } = useTranslation("compose");
  const { register, watch } = useFormContext<ComposeValues>();
  const error = useErrorAt();
  const body = watch(`${at}.body`);
  const values = watch(`${at}.buttons`);
  return (
    <>
      <HeaderValueFields at={at} named={false} />
      {body.map(({ name }, n) => (
        <TextField
          key={name}
          label={named ? name : t("template.value", { n: name })}
          error={error(`${at}.body.${n}.text`)}
          autoComplete="off"
          dir="auto"
          {...register(`${at}.body.${n}.text`)}
        />
      ))}
      {values.map(({ index, type, optional }, n) => {
        const button = buttons[index];
        const label = button && "text" in button && button.text ? button.text : t(`template.button.${type}`);
        return (
          <ButtonValueFields
            key={index}
            at={at}
            n={n}
            type={type}
            optional={optional}
            label={t("template.knownButton", { button: label, value: t(`template.buttonGives.${type}`) })}
          />
        );
      })}
    </>
  );
}
