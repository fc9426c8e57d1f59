import type { Money } from "../api/schema.gen";
import { formatNumber } from "../lib/format";

/** Fees are parts of a cent: as many digits as they have, at least so many, which keeps a column in line. */
export function formatMoney({ micros, currency }: Money, locale: string, leastDigits = 2): string {
  return formatNumber(micros / 1_000_000, locale, {
    style: "currency",
    currency,
    minimumFractionDigits: leastDigits,
    maximumFractionDigits: 6,
  });
}

/** What something costs more, or less, with its sign. */
export function formatMoneyDifference({ micros, currency }: Money, locale: string): string {
  return formatNumber(micros / 1_000_000, locale, {
    style: "currency",
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
    signDisplay: "exceptZero",
  });
}
