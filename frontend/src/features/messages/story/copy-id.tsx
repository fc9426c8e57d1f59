import { CopyButton } from "../../../ui/copy";

/** An id in full, with its copy button. */
export function CopyId({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-center gap-1">
      <span className="break-anywhere font-mono text-xs">{value}</span>
      <CopyButton value={value} label={label} />
    </span>
  );
}
