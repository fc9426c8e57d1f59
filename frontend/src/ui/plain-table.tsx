import clsx from "clsx";
import { type Column, columnClass } from "./column";
import { Scroller } from "./scroller";

export interface PlainTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

/** A short list, all of it. Text wraps; the first cell names its row. */
export function PlainTable<Row>({ caption, columns, rows, rowKey }: PlainTableProps<Row>) {
  return (
    <div className="@container">
      <Scroller label={caption}>
        <table className="w-full border-separate border-spacing-0 text-sm">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  className={clsx(
                    columnClass(column),
                    "h-8 whitespace-nowrap border-line border-b bg-sunken px-3 font-medium text-ink-soft text-xs first:pl-4 last:pr-4",
                  )}
                  style={column.width ? { width: column.width } : undefined}
                >
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)} className="group">
                {columns.map((column, place) => {
                  const Cell = place === 0 ? "th" : "td";
                  return (
                    <Cell
                      key={column.key}
                      scope={place === 0 ? "row" : undefined}
                      className={clsx(
                        columnClass(column),
                        "wrap-break-word border-line border-b px-3 py-1.5 align-top font-normal first:pl-4 last:pr-4 group-last:border-b-0",
                      )}
                    >
                      {column.cell(row)}
                    </Cell>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </div>
  );
}
