import { useController, useFormContext } from "react-hook-form";
import { PartFields } from "./kinds/part-fields";
import { type Draft, type PartedKind, parts } from "./kinds/parts";
import type { PartErrors } from "./kinds/paths";
import { CodeTemplateField } from "./template/code-template-field";
import type { Way } from "./template/known";
import type { ComposeValues } from "./values";

/** The form of a kind that is made of parts. */
export function PartedFields({
  kind,
  way,
  errors,
  onChange,
}: {
  kind: PartedKind;
  way: Way;
  errors: PartErrors;
  onChange: (before: Draft, after: Draft) => void;
}) {
  const { control } = useFormContext<ComposeValues>();
  const { field } = useController({ control, name: "parted" });
  const draft = field.value[kind];
  const change = (after: Draft) => {
    field.onChange({ ...field.value, [kind]: after });
    onChange(draft, after);
  };
  return (
    <div className="grid gap-4">
      {kind === "one_time_code" ? <CodeTemplateField way={way} draft={draft} onChange={change} /> : null}
      <PartFields of={parts[kind]} draft={draft} errors={errors} onChange={change} />
    </div>
  );
}
