import clsx from "clsx";
import { Ban, Check, CircleDashed, CircleQuestionMark, CircleX, LoaderCircle, Minus, TimerOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { MessageView } from "../api/schema.gen";
import { Time } from "../ui/time";
import { type ProgressEnd, progressOf, type StepStanding } from "./timeline";

const marks: Record<StepStanding, typeof Check> = {
  done: Check,
  passed: Check,
  now: LoaderCircle,
  waiting: CircleDashed,
  never: Minus,
};

const ends: Record<ProgressEnd["state"], typeof Check> = {
  failed: CircleX,
  unknown: CircleQuestionMark,
  expired: TimerOff,
  cancelled: Ban,
};

/** How far an outgoing message has come, each step with its time. */
export function ProgressList({ message }: { message: MessageView }) {
  const { t } = useTranslation("domain");
  const { steps, end } = progressOf(message);
  return (
    <ol aria-label={t("progress.label")} className="flex flex-col gap-1 text-sm">
      {steps.map(({ step, standing, at }) => {
        const Mark = marks[standing];
        const reached = standing === "done" || standing === "passed";
        return (
          <li key={step} className={clsx("flex min-h-6 items-center gap-2", reached ? "text-ink" : "text-ink-faint")}>
            <Mark
              aria-hidden
              className={clsx(
                "size-4 shrink-0",
                reached && "text-accent",
                standing === "now" && "animate-spin text-ink-soft",
              )}
            />
            <span className="grow truncate">{t(`progress.${step}`)}</span>
            <span className="shrink-0 text-xs text-ink-soft">
              {at ? <Time value={at} look="clock" /> : t(`standing.${standing}`)}
            </span>
          </li>
        );
      })}
      {end ? <EndLine end={end} /> : null}
    </ol>
  );
}

function EndLine({ end }: { end: ProgressEnd }) {
  const { t } = useTranslation("domain");
  const Mark = ends[end.state];
  const tone = end.state === "failed" ? "text-bad" : end.state === "cancelled" ? "text-ink-soft" : "text-warn";
  return (
    <li className={clsx("flex min-h-6 items-center gap-2 font-medium", tone)}>
      <Mark aria-hidden className="size-4 shrink-0" />
      <span className="grow truncate">{t(`state.${end.state}`)}</span>
      {end.at ? (
        <span className="shrink-0 text-xs">
          <Time value={end.at} look="clock" />
        </span>
      ) : null}
    </li>
  );
}
