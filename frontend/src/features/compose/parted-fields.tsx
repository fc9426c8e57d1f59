import { useController, useFormContext } from "react-hook-form";
import { PartFields } from "./kinds/part-fields";
import { type Draft, type PartedKind, parts } from "./kinds/parts";
import { CodeTemplateField } from "./template/code-template-field";
import type { ComposeValues } from "./values";

/** The form of a kind that is made of parts. */
export function PartedFields({ kind, errors }: { kind: PartedKind; errors: Readonly<Record<string, string>> }) {
  const { control } = useFormContext<ComposeValues>();
  const { field } = useController({ control, name: "parted" });
  const change = (draft: Draft) => field.onChange({ ...field.value, [kind]: draft });
  return (
    <div className="grid gap-4">
      {kind === "one_time_code" ? <CodeTemplateField draft={field.value[kind]} onChange={change} /> : null}
      <PartFields of={parts[kind]} draft={field.value[kind]} errors={errors} onChange={change} />
    </div>
  );
}
