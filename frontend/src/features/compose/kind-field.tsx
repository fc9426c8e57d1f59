import { useController, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Capabilities } from "../../api/schema.gen";
import { providerName } from "../../domain/provider";
import { RadioCards } from "../../ui/radio-cards";
import type { ComposeValues } from "./values";

export function KindField({ can }: { can: Capabilities | undefined }) {
  const { t } = useTranslation("compose");
  const { t: td } = useTranslation("domain");
  const { control } = useFormContext<ComposeValues>();
  const { field, fieldState } = useController({ control, name: "kind" });
  const option = (kind: ComposeValues["kind"]) => {
    const lacking = can !== undefined && !can.kinds.includes(kind);
    return {
      value: kind,
      label: t(`kind.${kind}`),
      description: lacking ? t("kind.lacking", { provider: providerName(can.provider, td) }) : t(`kind.${kind}Help`),
      disabled: lacking,
    };
  };
  return (
    <RadioCards
      legend={t("kind.label")}
      name={field.name}
      value={field.value}
      onChange={field.onChange}
      columns={2}
      error={fieldState.error?.message}
      options={[option("text"), option("template")]}
    />
  );
}
