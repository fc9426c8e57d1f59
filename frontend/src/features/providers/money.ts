import type { Money } from "../../api/schema.gen";
import { formatNumber } from "../../lib/format";

/** Fees are parts of a cent: as many digits as they have, at least so many, which keeps a column in line. */
export function formatMoney({ micros, currency }: Money, locale: string, leastDigits = 2): string {
  return formatNumber(micros / 1_000_000, locale, {
    style: "currency",
    currency,
    minimumFractionDigits: leastDigits,
    maximumFractionDigits: 6,
  });
}

/** A day without a time, such as `2026-11-22`: it is the same day in every time zone. */
export function formatDay(day: string, locale: string): string {
  const moment = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(moment.getTime())
    ? day
    : new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(moment);
}
