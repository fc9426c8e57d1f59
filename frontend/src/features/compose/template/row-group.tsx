import clsx from "clsx";
import { Plus, X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button, IconButton } from "../../../ui/button";
import { FieldError } from "../../../ui/field-frame";
import { handsFocusOver } from "../../../ui/focus";

/** A growing list of rows under one heading. */
export function RowGroup({
  legend,
  help,
  error,
  add,
  full,
  onAdd,
  children,
}: {
  legend: string;
  help?: string | undefined;
  error?: string | undefined;
  /** The button's text. */
  add: string;
  /** There may be no more rows. */
  full: boolean;
  onAdd: () => void;
  children: ReactNode;
}) {
  const errorId = useId();
  return (
    <fieldset className="grid gap-3" aria-describedby={error ? errorId : undefined}>
      <legend className="mb-1 font-medium text-sm">{legend}</legend>
      {help ? <p className="-mt-1 text-ink-soft text-xs">{help}</p> : null}
      {children}
      <FieldError id={errorId} error={error} />
      <div>
        <Button size="small" icon={<Plus />} disabled={full} onClick={onAdd}>
          {add}
        </Button>
      </div>
    </fieldset>
  );
}

/** One row: its fields side by side where there is room, or one below the other, and a button that takes it away. */
export function Row({
  remove,
  onRemove,
  stacked = false,
  children,
}: {
  remove: string;
  onRemove: () => void;
  stacked?: boolean | undefined;
  children: ReactNode;
}) {
  return (
    <div ref={handsFocusOver} className="flex items-start gap-2 border-line border-s-2 ps-3">
      <div className={clsx("grid grow items-start gap-3", !stacked && "sm:auto-cols-fr sm:grid-flow-col")}>
        {children}
      </div>
      {/* On the line of the controls, below their labels. */}
      <div className="mt-6.5">
        <IconButton label={remove} icon={<X />} onClick={onRemove} />
      </div>
    </div>
  );
}
