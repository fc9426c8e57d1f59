import { useController, useFormContext } from "react-hook-form";
import { PartFields } from "./kinds/part-fields";
import { type PartedKind, parts } from "./kinds/parts";
import type { ComposeValues } from "./values";

/** The form of a kind that is made of parts. */
export function PartedFields({ kind, errors }: { kind: PartedKind; errors: Readonly<Record<string, string>> }) {
  const { control } = useFormContext<ComposeValues>();
  const { field } = useController({ control, name: "parted" });
  return (
    <div className="grid gap-4">
      <PartFields
        of={parts[kind]}
        draft={field.value[kind]}
        errors={errors}
        onChange={(draft) => field.onChange({ ...field.value, [kind]: draft })}
      />
    </div>
  );
}
