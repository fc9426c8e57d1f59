import clsx from "clsx";
import { Check, CircleDashed, CirclePause, CircleQuestionMark, CircleX, LoaderCircle, Minus } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { MessageView, ProviderKind } from "../../api/schema.gen";
import { ProviderMark } from "../../domain/provider";
import { formatNumber } from "../../lib/format";
import { Time } from "../../ui/time";
import { type Step, standing, stepsOf } from "./progress";

/** The way of the test message, each step with its time and how long after the start that was. */
export function ProgressSteps({
  message,
  provider,
}: {
  message: MessageView | undefined;
  /** By which it left. */
  provider: ProviderKind | undefined;
}) {
  const { t, i18n } = useTranslation(["overview", "domain"]);
  const heading = useId();
  const steps = stepsOf(message);
  const last = standing(steps);
  return (
    <div className="grid gap-2">
      <div className="flex min-h-5 items-center justify-between gap-3 text-ink-soft text-xs">
        <h3 id={heading} className="font-medium">
          {t("progress.title")}
        </h3>
        {provider ? (
          <p className="flex items-center gap-1.5">
            {t("progress.by")} <ProviderMark provider={provider} />
          </p>
        ) : null}
      </div>
      <ol aria-labelledby={heading} className="grid text-sm">
        {steps.map((step, place) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place; its name changes when the message stops there.
            key={place}
            className={clsx(
              "grid min-h-7 grid-cols-[1rem_minmax(0,1fr)_auto_5rem] items-center gap-x-2.5",
              step.phase === "done" || step.phase === "stopped" ? "text-ink" : "text-ink-faint",
            )}
          >
            <Mark step={step} />
            <span className={clsx("truncate", step.phase === "stopped" && "font-medium")}>{nameOf(step, t)}</span>
            <span className="text-ink-soft text-xs">{step.at ? <Time value={step.at} look="clock" /> : null}</span>
            <span className="text-right text-ink-soft text-xs">
              {step.after === undefined
                ? null
                : formatNumber(step.after, i18n.language, {
                    style: "unit",
                    unit: "millisecond",
                    unitDisplay: "short",
                    maximumFractionDigits: 0,
                    signDisplay: place === 0 ? "never" : "always",
                  })}
            </span>
          </li>
        ))}
      </ol>
      {/* Says each new standing once: its text changes only when the message moved. */}
      <p role="status" className="sr-only">
        {last ? t("progress.said", { step: nameOf(last, t) }) : ""}
      </p>
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation<["overview", "domain"]>>["t"];

function nameOf({ name }: Step, t: Translate): string {
  switch (name) {
    case "held":
      return t("domain:held");
    case "failed":
    case "unknown":
    case "expired":
    case "cancelled":
      return t(`domain:state.${name}`);
    default:
      return t(`domain:progress.${name}`);
  }
}

function Mark({ step }: { step: Step }) {
  switch (step.phase) {
    case "done":
      return <Check aria-hidden className="size-4 text-accent" />;
    case "next":
      return <LoaderCircle aria-hidden className="size-4 animate-spin text-ink-soft" />;
    case "ahead":
      return <CircleDashed aria-hidden className="size-4" />;
    case "never":
      return <Minus aria-hidden className="size-4" />;
    case "stopped":
      if (step.name === "held") {
        return <CirclePause aria-hidden className="size-4 text-warn" />;
      }
      if (step.name === "unknown") {
        return <CircleQuestionMark aria-hidden className="size-4 text-warn" />;
      }
      return <CircleX aria-hidden className="size-4 text-bad" />;
  }
}
