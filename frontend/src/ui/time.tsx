import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { formatMoment, formatRelative, type MomentLook } from "../lib/format";

const TICK = 10_000;

// One clock for all relative times of the page; it stands still when nobody looks.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

const still = () => () => {};
const currentTick = () => Math.floor(Date.now() / TICK) * TICK;

export interface TimeProps {
  /** RFC 3339. */
  value: string;
  look?: MomentLook | "relative" | undefined;
}

/** A moment. Pointing at it tells the whole of it, here and in UTC. */
export function Time({ value, look = "short" }: TimeProps) {
  const { t, i18n } = useTranslation("ui");
  const locale = i18n.language;
  const tick = useSyncExternalStore(look === "relative" ? subscribe : still, currentTick);
  const whole = `${formatMoment(value, "full", locale, tick)} (${formatMoment(value, "full", locale, tick, "UTC")} ${t("utc")})`;
  return (
    <time dateTime={value} title={whole} className="whitespace-nowrap">
      {look === "relative" ? formatRelative(value, locale, tick) : formatMoment(value, look, locale, tick)}
    </time>
  );
}
