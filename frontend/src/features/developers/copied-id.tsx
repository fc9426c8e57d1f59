import { CopyButton } from "../../ui/copy";

export function CopiedId({ id, label }: { id: string; label: string }) {
  return (
    <span className="flex items-center gap-1">
      <code className="font-mono text-xs">{id}</code>
      <CopyButton value={id} label={label} />
    </span>
  );
}
