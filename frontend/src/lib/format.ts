// Numbers, times and durations for reading. The language is always passed in; Intl does the rest.

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

/** Intl's formatters are slow to make and free to use again. */
function once<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const known = made.get(key);
  if (known) return known as T;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return once(`n${locale}${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once(`d${locale}${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));
}

/** 12,345 */
export function formatNumber(value: number, locale: string, options: Intl.NumberFormatOptions = {}): string {
  return numberFormat(locale, options).format(value);
}

/** A share between 0 and 1 as 98.2% */
export function formatPercent(share: number, locale: string): string {
  return formatNumber(share, locale, { style: "percent", maximumFractionDigits: 1 });
}

/** A day without a time, such as `2026-11-22`: it is the same day in every time zone. */
export function formatDay(day: string, locale: string): string {
  const moment = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(moment.getTime())
    ? day
    : dateFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(moment);
}

/** A length of time: 240 ms, 1.4 s, 3 min, 2 hr, 5 days. */
export function formatDuration(milliseconds: number, locale: string): string {
  const [value, unit] = inUnit(Math.abs(milliseconds));
  return formatNumber(value, locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: unit === "second" && value < 10 ? 1 : 0,
  });
}

function inUnit(milliseconds: number): [value: number, unit: string] {
  if (milliseconds < 1000) return [milliseconds, "millisecond"];
  if (milliseconds < 60_000) return [milliseconds / 1000, "second"];
  if (milliseconds < 3_600_000) return [milliseconds / 60_000, "minute"];
  if (milliseconds < 86_400_000) return [milliseconds / 3_600_000, "hour"];
  return [milliseconds / 86_400_000, "day"];
}

/**
 * How a moment is written: `clock` 14:03:22, `short` 14:03 today and 3 May before (with the year when it is another),
 * `full` 3 May 2026, 14:03:22.
 */
export type MomentLook = "clock" | "short" | "full";

/** A moment in the reader's time zone, or in the one named. An unreadable value is given back as it came. */
export function formatMoment(value: string, look: MomentLook, locale: string, now: number, timeZone?: string): string {
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return value;
  // 24 hours in every language: times are compared with those of logs.
  const zone = { hourCycle: "h23", ...(timeZone === undefined ? {} : { timeZone }) } as const;
  if (look === "clock") return dateFormat(locale, { timeStyle: "medium", ...zone }).format(moment);
  if (look === "full") return dateFormat(locale, { dateStyle: "medium", timeStyle: "medium", ...zone }).format(moment);
  const today = new Date(now);
  if (moment.toDateString() === today.toDateString()) {
    return dateFormat(locale, { hour: "2-digit", minute: "2-digit", ...zone }).format(moment);
  }
  const year = moment.getFullYear() === today.getFullYear() ? {} : ({ year: "numeric" } as const);
  return dateFormat(locale, { day: "numeric", month: "short", ...year, ...zone }).format(moment);
}

const steps: [upTo: number, seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, "second"],
  [3_600, 60, "minute"],
  [86_400, 3_600, "hour"],
  [86_400 * 30, 86_400, "day"],
  [86_400 * 365, 86_400 * 30, "month"],
  [Number.POSITIVE_INFINITY, 86_400 * 365, "year"],
];

/** A moment seen from `now`: "now", "20 sec. ago", "3 days ago". Seconds go in tens, so that lists stay calm. */
export function formatRelative(value: string, locale: string, now: number): string {
  const moment = Date.parse(value);
  if (Number.isNaN(moment)) return value;
  const seconds = (moment - now) / 1000;
  const size = Math.abs(seconds);
  const [, unitSeconds, unit] = steps.find(([upTo]) => size < upTo) ?? [0, 1, "second" as const];
  const amount = unit === "second" ? Math.trunc(seconds / 10) * 10 : Math.trunc(seconds / unitSeconds);
  // Not −0, which Intl writes as "0 seconds ago".
  return once(`r${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" })).format(
    amount === 0 ? 0 : amount,
    unit,
  );
}
