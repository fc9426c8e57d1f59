import { useController, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Capabilities, Carried, Kind, OutboundSupport } from "../../api/schema.gen";
import { providerName } from "../../domain/provider";
import { SelectField, Switch } from "../../ui/field";
import { Notice } from "../../ui/notice";
import type { ComposeValues } from "./values";

const kinds: readonly Kind[] = [
  "text",
  "template",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "contacts",
  "reply_buttons",
  "list",
  "cta_url",
  "flow",
  "location_request",
  "address_request",
  "product",
  "product_list",
  "catalog",
  "carousel",
  "reaction",
  "one_time_code",
];

/** What kind of message it is, and what the channel's provider says to it. */
export function KindField({ can }: { can: Capabilities | undefined }) {
  const { t } = useTranslation("compose");
  const { t: td } = useTranslation("domain");
  const { control, register } = useFormContext<ComposeValues>();
  const { field, fieldState } = useController({ control, name: "kind" });
  const support = can && supportOf(can, field.value);
  const provider = can ? providerName(can.provider, td) : "";
  const label = (kind: Kind) => {
    const lacking = can !== undefined && !isOffered(supportOf(can, kind));
    return lacking ? t("kind.lackingOption", { kind: t(`kind.${kind}`), provider }) : t(`kind.${kind}`);
  };
  return (
    <div className="grid gap-3">
      <SelectField
        label={t("kind.label")}
        name={field.name}
        ref={field.ref}
        value={field.value}
        error={fieldState.error?.message}
        help={support && isOffered(support) ? <span lang="en">{support.note}</span> : t(`kind.${field.value}Help`)}
        options={kinds.map((kind) => ({ value: kind, label: label(kind) }))}
        onBlur={field.onBlur}
        onChange={(event) => field.onChange(event.currentTarget.value)}
      />
      {support && !isOffered(support) ? (
        <Notice tone="warn" title={t("kind.lacking", { provider })}>
          <span lang="en">{support.note}</span>
          {support.instead ? (
            <>
              . {t("kind.instead")} <span lang="en">{support.instead.note}</span>
            </>
          ) : null}
        </Notice>
      ) : null}
      {can ? (
        <Switch
          label={t("degrade.label")}
          help={
            support?.degrade_to
              ? t("degrade.to", { kind: t(`kind.${support.degrade_to}`) })
              : t("degrade.help", { provider })
          }
          {...register("degrade")}
        />
      ) : null}
    </div>
  );
}

export function supportOf(can: Capabilities, kind: Kind): OutboundSupport | undefined {
  return can.outbound.find((cell) => cell.kind === kind);
}

/** Whether the provider carries it, all or some of it. */
export function isOffered(support: { verdict: Carried } | undefined): boolean {
  return support === undefined || support.verdict === "yes" || support.verdict === "partly";
}
