/** What something means, for its colour. Only what needs attention gets one. */
export type Tone = "neutral" | "ok" | "warn" | "bad" | "info";

/** Text on its own soft ground, with an edge of its colour. */
export const toneClass: Record<Tone, string> = {
  neutral: "border-edge bg-sunken text-ink-soft",
  ok: "border-ok/25 bg-ok-soft text-ok",
  warn: "border-warn/25 bg-warn-soft text-warn",
  bad: "border-bad/25 bg-bad-soft text-bad",
  info: "border-info/25 bg-info-soft text-info",
};
