import { useTranslation } from "react-i18next";
import type { TemplateText } from "../../../api/schema.gen";
import { variablesOf } from "../../../domain/variables";
import { TextArea, TextField } from "../../../ui/field";
import type { FaultAt } from "./fault-at";
import { sampleOf, withSample, withText } from "./samples";

/** A text with variables, and for each of them what the reviewer sees in its place. */
export function TextFields({
  label,
  at,
  value,
  faultAt,
  long = false,
  onChange,
}: {
  label: string;
  /** The text's path in the definition. */
  at: string;
  value: TemplateText;
  faultAt: FaultAt;
  /** Of several lines. */
  long?: boolean | undefined;
  onChange: (value: TemplateText) => void;
}) {
  const { t } = useTranslation("templates");
  const Text = long ? TextArea : TextField;
  return (
    <div className="grid gap-3">
      <Text
        label={label}
        dir="auto"
        autoComplete="off"
        value={value.text}
        error={faultAt(`${at}.text`) ?? faultAt(at)}
        onChange={(event: { currentTarget: { value: string } }) => onChange(withText(value, event.currentTarget.value))}
      />
      {variablesOf(value.text).map((name, n) => (
        <TextField
          key={name}
          label={t("editor.sample", { variable: `{{${name}}}` })}
          dir="auto"
          autoComplete="off"
          value={sampleOf(value, name)}
          error={
            faultAt(`${at}.samples[${n}]`) ??
            faultAt(`${at}.samples[${n}].text`) ??
            (n === 0 ? faultAt(`${at}.samples`) : undefined)
          }
          onChange={(event) => onChange(withSample(value, name, event.currentTarget.value))}
        />
      ))}
    </div>
  );
}
