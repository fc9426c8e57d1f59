import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "../../../ui/button";

/** A growing list of rows under one heading. */
export function RowGroup({
  legend,
  help,
  add,
  full,
  onAdd,
  children,
}: {
  legend: string;
  help?: string | undefined;
  /** The button's text. */
  add: string;
  /** There may be no more rows. */
  full: boolean;
  onAdd: () => void;
  children: ReactNode;
}) {
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 font-medium text-sm">{legend}</legend>
      {help ? <p className="-mt-1 text-ink-soft text-xs">{help}</p> : null}
      {children}
      <div>
        <Button size="small" icon={<Plus />} disabled={full} onClick={onAdd}>
          {add}
        </Button>
      </div>
    </fieldset>
  );
}

/** One row: its fields side by side where there is room, and a button that takes it away. */
export function Row({ remove, onRemove, children }: { remove: string; onRemove: () => void; children: ReactNode }) {
  return (
    <div className="flex items-start gap-2 border-line border-s-2 ps-3">
      <div className="grid grow items-start gap-3 sm:auto-cols-fr sm:grid-flow-col">{children}</div>
      {/* On the line of the controls, below their labels. */}
      <div className="mt-6.5">
        <IconButton label={remove} icon={<X />} onClick={onRemove} />
      </div>
    </div>
  );
}
