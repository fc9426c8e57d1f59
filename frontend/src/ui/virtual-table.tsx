import { useVirtualizer } from "@tanstack/react-virtual";
import clsx from "clsx";
import { Fragment, type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Column, columnClass, columnHidden, leastWidthClass, leastWidths } from "./column";
import { observeBox, rootRowHeight, withFocused } from "./virtual-rows";

export interface VirtualTableProps<Row> {
  /** The table's name; not shown. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Makes the first cell a button and the whole row clickable. */
  onOpen?: ((row: Row) => void) | undefined;
  /** The button's name, when the first cell's text does not tell the rows apart. */
  rowLabel?: ((row: Row) => string) | undefined;
  /** How many rows there are in all, when more are known of than loaded; "unknown" when there are more, but not how many. */
  total?: number | "unknown" | undefined;
  selectedKey?: string | undefined;
  /** The end of what is loaded comes near. */
  onEndReached?: (() => void) | undefined;
  loadingMore?: boolean | undefined;
  /** The most that the table takes of the screen's height; a CSS length. */
  maxHeight?: string | undefined;
}

const BEFORE_END = 15;

/** A long list: only the rows in sight are in the document, and the rest is said by numbers. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const {
    caption,
    columns,
    rows,
    rowKey,
    onOpen,
    rowLabel,
    total,
    selectedKey,
    onEndReached,
    loadingMore = false,
  } = props;
  const { t } = useTranslation("ui");
  const box = useRef<HTMLDivElement>(null);
  const [rowHeight] = useState(rootRowHeight);
  // The row with the focus stays in the document when it is scrolled away, or the focus would be lost.
  const [focusedKey, setFocusedKey] = useState<string>();
  const focused = useMemo(
    () => (focusedKey === undefined ? -1 : rows.findIndex((row) => rowKey(row) === focusedKey)),
    [rows, rowKey, focusedKey],
  );

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
    overscan: 12,
    observeElementRect: observeBox,
    rangeExtractor: (range) => withFocused(range, focused),
    scrollPaddingStart: rowHeight,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();

  const lastVisible = virtual.range?.endIndex ?? -1;
  const reached = useRef(onEndReached);
  reached.current = onEndReached;
  useEffect(() => {
    if (rows.length > 0 && lastVisible >= rows.length - BEFORE_END && !loadingMore) reached.current?.();
  }, [lastVisible, rows.length, loadingMore]);

  function move(event: KeyboardEvent<HTMLTableSectionElement>) {
    const from = focused;
    if (from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: rows.length - 1 }[event.key];
    const row = to === undefined ? undefined : rows[to];
    if (to === undefined || row === undefined) return;
    if (!(event.target instanceof HTMLElement) || event.target.dataset["row"] === undefined) return;
    event.preventDefault();
    virtual.scrollToIndex(to);
    setFocusedKey(rowKey(row));
    // The row is in the document after the next drawing.
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-row="${to}"]`)?.focus({ preventScroll: true }),
    );
  }

  function press(event: MouseEvent, row: Row) {
    if (!onOpen || !(event.target instanceof Element)) return;
    // Links and buttons in the row do their own work, and selecting text to copy it is not a click.
    if (event.target.closest("a, button, input, select, label, summary")) return;
    if (window.getSelection()?.isCollapsed === false) return;
    // So that the focus comes back to this row when what it opens is closed.
    event.currentTarget.querySelector<HTMLElement>("[data-row]")?.focus({ preventScroll: true });
    onOpen(row);
  }

  let drawn = 0;
  return (
    <div className="@container">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls; what scrolls needs a name and the keyboard. */}
      <div
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
        tabIndex={0}
        role="group"
        aria-label={caption}
        className="overflow-auto focus-visible:-outline-offset-2"
        style={{ maxHeight: props.maxHeight ?? "max(20rem, calc(100dvh - 15rem))" }}
      >
        <table
          aria-rowcount={total === "unknown" ? -1 : (total ?? rows.length) + 1}
          className={clsx("w-full table-fixed border-separate border-spacing-0 text-sm", leastWidthClass)}
          style={leastWidths(columns)}
        >
          <caption className="sr-only">{caption}</caption>
          <colgroup>
            {columns.map((column) => (
              <col
                key={column.key}
                className={columnHidden(column)}
                style={column.width ? { width: column.width } : undefined}
              />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  className={clsx(
                    columnClass(column),
                    "sticky top-0 z-10 h-8 truncate border-line border-b bg-sunken px-3 font-medium text-ink-soft text-xs first:pl-4 last:pr-4 @max-[40rem]:px-2",
                  )}
                >
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          {/* Arrow keys go between the rows' own buttons. */}
          <tbody onKeyDown={move} onFocus={(event) => setFocusedKey(event.target.closest("tr")?.dataset["key"])}>
            {items.map((item) => {
              const row = rows[item.index];
              if (row === undefined) return null;
              const gap = item.start - drawn;
              drawn = item.end;
              const key = rowKey(row);
              return (
                <Fragment key={item.key}>
                  {gap > 0 ? <Spacer height={gap} columns={columns.length} /> : null}
                  {/* The mouse's larger target; the keyboard has the button in the first cell. */}
                  <tr
                    data-key={key}
                    aria-rowindex={item.index + 2}
                    aria-current={key === selectedKey ? "true" : undefined}
                    onClick={(event) => press(event, row)}
                    className={clsx(
                      "group",
                      onOpen && "cursor-pointer",
                      key === selectedKey
                        ? "bg-accent-soft [&>td:first-child]:shadow-[inset_2px_0_var(--color-accent)]"
                        : "hover:bg-hover",
                    )}
                    style={{ height: item.size }}
                  >
                    {columns.map((column, place) => (
                      <td
                        key={column.key}
                        className={clsx(
                          columnClass(column),
                          "truncate border-line border-b px-3 py-0 first:pl-4 last:pr-4 @max-[40rem]:px-2",
                        )}
                      >
                        {place === 0 && onOpen ? (
                          <button
                            type="button"
                            data-row={item.index}
                            aria-label={rowLabel?.(row)}
                            onClick={() => onOpen(row)}
                            className="-mx-1 block h-7 max-w-full truncate rounded-sm px-1 text-left font-medium text-ink group-hover:underline group-hover:decoration-line-strong group-hover:underline-offset-3 focus-visible:outline-offset-0"
                          >
                            {column.cell(row)}
                          </button>
                        ) : (
                          column.cell(row)
                        )}
                      </td>
                    ))}
                  </tr>
                </Fragment>
              );
            })}
            {virtual.getTotalSize() > drawn ? (
              <Spacer height={virtual.getTotalSize() - drawn} columns={columns.length} />
            ) : null}
          </tbody>
        </table>
        {loadingMore ? (
          <p role="status" className="sticky left-0 grid h-8 place-items-center text-ink-soft text-xs">
            {t("loading")}
          </p>
        ) : null}
      </div>
    </div>
  );
}

/** Takes the place of the rows that are not in the document. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} className="p-0" style={{ height }} />
    </tr>
  );
}
