import clsx from "clsx";
import type { CSSProperties, ReactNode } from "react";

export interface Column<Row> {
  key: string;
  header: ReactNode;
  /** A CSS length, such as "8rem"; columns without one share what is left. */
  width?: string | undefined;
  align?: "start" | "end" | undefined;
  cell: (row: Row) => ReactNode;
  /** Vanishes where the table is narrower than 640 px (sm) or 768 px (md). */
  hideBelow?: "sm" | "md" | undefined;
}

const hidden = { sm: "@max-[40rem]:hidden", md: "@max-[48rem]:hidden" };

export function columnClass<Row>(column: Column<Row>): string {
  return clsx(column.hideBelow && hidden[column.hideBelow], column.align === "end" ? "text-right" : "text-left");
}

export function columnHidden<Row>(column: Column<Row>): string | undefined {
  return column.hideBelow && hidden[column.hideBelow];
}

/** No column without a width becomes narrower than this; below the sum the table's own box scrolls. */
const NARROWEST = "7rem";

/** The least width of the table for each set of columns that may be visible. */
export function leastWidths<Row>(columns: readonly Column<Row>[]): CSSProperties & Record<`--${string}`, string> {
  const sum = (some: readonly Column<Row>[]) =>
    `calc(${some.map((column) => column.width ?? NARROWEST).join(" + ") || "0px"})`;
  return {
    "--least": sum(columns),
    "--least-md": sum(columns.filter((column) => column.hideBelow !== "md")),
    "--least-sm": sum(columns.filter((column) => column.hideBelow === undefined)),
  };
}

export const leastWidthClass = "min-w-(--least) @max-[48rem]:min-w-(--least-md) @max-[40rem]:min-w-(--least-sm)";
