import { Plus, X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button, IconButton } from "../../../ui/button";
import { FieldError } from "../../../ui/field";
import { handsFocusOver } from "../../../ui/focus";
import { useRowKeys } from "../../../ui/row-keys";

/** A growing list under one heading. */
export function Rows<Row>({
  legend,
  error,
  add,
  remove,
  rows,
  fresh,
  onChange,
  children,
}: {
  legend: string;
  error: string | undefined;
  /** The button's text. */
  add: string;
  /** The name of the button that takes a row away. */
  remove: (n: number) => string;
  rows: readonly Row[];
  fresh: () => Row;
  onChange: (rows: Row[]) => void;
  children: (row: Row, n: number, change: (row: Row) => void) => ReactNode;
}) {
  const errorId = useId();
  const { keys, drop } = useRowKeys(rows.length);
  return (
    <fieldset className="grid gap-3" aria-describedby={error ? errorId : undefined}>
      <legend className="mb-1 font-medium text-sm">{legend}</legend>
      {rows.map((row, n) => (
        <div key={keys[n]} ref={handsFocusOver} className="flex items-start gap-2 border-line border-s-2 ps-3">
          <div className="grid min-w-0 grow gap-3">
            {children(row, n, (changed) => onChange(rows.map((other, at) => (at === n ? changed : other))))}
          </div>
          {/* On the line of the first control, below its label. */}
          <div className="mt-6.5">
            <IconButton
              label={remove(n)}
              icon={<X />}
              onClick={() => {
                drop(n);
                onChange(rows.filter((_, other) => other !== n));
              }}
            />
          </div>
        </div>
      ))}
      <FieldError id={errorId} error={error} />
      <div>
        <Button size="small" icon={<Plus />} onClick={() => onChange([...rows, fresh()])}>
          {add}
        </Button>
      </div>
    </fieldset>
  );
}
