import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { TextField } from "../../ui/field";
import type { ComposeValues } from "./values";

export function RecipientField() {
  const { t } = useTranslation("compose");
  const { register, formState } = useFormContext<ComposeValues>();
  return (
    <TextField
      label={t("to.label")}
      help={t("to.help")}
      error={formState.errors.to?.message}
      type="tel"
      autoComplete="off"
      spellCheck={false}
      placeholder="+447700900123"
      {...register("to")}
    />
  );
}
