import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Capabilities } from "../../api/schema.gen";
import { providerName } from "../../domain/provider";
import { Switch } from "../../ui/choice";
import { TextArea } from "../../ui/field";
import type { ComposeValues } from "./values";

export function TextFields({ can }: { can: Capabilities | undefined }) {
  const { t } = useTranslation("compose");
  const { t: td } = useTranslation("domain");
  const { register, formState } = useFormContext<ComposeValues>();
  const lacking = can !== undefined && !can.text.preview_switch.supported;
  return (
    <div className="grid gap-4">
      <TextArea
        label={t("text.label")}
        rows={5}
        dir="auto"
        error={formState.errors.text?.body?.message}
        counter={can ? { max: can.text.max_chars.value } : undefined}
        {...register("text.body")}
      />
      {/* Not `disabled`: the form would forget the choice, which comes back with a channel that has the switch. */}
      {lacking ? (
        <Switch
          key="lacking"
          label={t("text.preview")}
          help={t("text.previewLacking", { provider: providerName(can.provider, td) })}
          checked={false}
          disabled
          readOnly
        />
      ) : (
        <Switch
          key="preview"
          label={t("text.preview")}
          help={t("text.previewHelp")}
          error={formState.errors.text?.preview?.message}
          {...register("text.preview")}
        />
      )}
    </div>
  );
}
