import { useTranslation } from "react-i18next";
import type { ParameterFormat, TemplateText } from "../../../api/schema.gen";
import { TextArea, TextField } from "../../../ui/field";
import { variablesOf, withText } from "./definition";
import type { FaultAt } from "./fault-at";

/** A text with variables, and for each of them what the reviewer sees in its place. */
export function TextFields({
  label,
  at,
  value,
  format,
  faultAt,
  long = false,
  onChange,
}: {
  label: string;
  /** The text's path in the definition. */
  at: string;
  value: TemplateText;
  format: ParameterFormat;
  faultAt: FaultAt;
  /** Of several lines. */
  long?: boolean | undefined;
  onChange: (value: TemplateText) => void;
}) {
  const { t } = useTranslation("templates");
  const samples = value.samples ?? [];
  const Text = long ? TextArea : TextField;
  return (
    <div className="grid gap-3">
      <Text
        label={label}
        dir="auto"
        autoComplete="off"
        value={value.text}
        error={faultAt(`${at}.text`) ?? faultAt(at)}
        onChange={(event: { currentTarget: { value: string } }) =>
          onChange(withText(value, event.currentTarget.value, format))
        }
      />
      {variablesOf(value.text).map((name, n) => (
        <TextField
          key={name}
          label={t("editor.sample", { variable: `{{${name}}}` })}
          dir="auto"
          autoComplete="off"
          value={samples[n]?.text ?? ""}
          error={
            faultAt(`${at}.samples[${n}]`) ??
            faultAt(`${at}.samples[${n}].text`) ??
            (n === 0 ? faultAt(`${at}.samples`) : undefined)
          }
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange({
              ...value,
              samples: samples.map((sample, other) => (other === n ? { ...sample, text } : sample)),
            });
          }}
        />
      ))}
    </div>
  );
}
