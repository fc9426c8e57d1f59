import { describe, expect, it } from "vitest";
import { formatDuration, formatMoment, formatRelative } from "./format";

const now = Date.parse("2026-05-03T12:00:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

describe("formatRelative", () => {
  it.each([
    [3, "now"],
    [25, "20 sec. ago"],
    [61, "1 min. ago"],
    [7_300, "2 hr. ago"],
    [86_400 * 3, "3 days ago"],
    [-3_700, "in 1 hr."],
  ])("%i seconds ago is %s", (seconds, words) => {
    expect(formatRelative(ago(seconds), "en", now)).toBe(words);
  });

  it("gives back what is not a time", () => {
    expect(formatRelative("soon", "en", now)).toBe("soon");
  });
});

describe("formatMoment", () => {
  it("writes times of day with 24 hours in every language", () => {
    expect(formatMoment("2026-05-03T23:04:05Z", "clock", "en", now, "UTC")).toBe("23:04:05");
    expect(formatMoment("2026-05-03T00:04:05Z", "clock", "es", now, "UTC")).toBe("0:04:05");
  });

  it("names the year only when it is another", () => {
    expect(formatMoment("2026-01-09T12:00:00Z", "short", "en", now, "UTC")).toBe("Jan 9");
    expect(formatMoment("2024-01-09T12:00:00Z", "short", "en", now, "UTC")).toBe("Jan 9, 2024");
  });
});

it.each([
  [240, "240 ms"],
  [1_440, "1.4 sec"],
  [12_400, "12 sec"],
  [180_000, "3 min"],
])("%i ms is written %s", (milliseconds, words) => {
  expect(formatDuration(milliseconds, "en")).toBe(words);
});
