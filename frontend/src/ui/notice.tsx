import clsx from "clsx";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "./tone";

const icons = { neutral: Info, info: Info, ok: CircleCheck, warn: TriangleAlert, bad: CircleAlert };

const grounds: Record<Tone, string> = {
  neutral: "border-line bg-sunken",
  info: "border-info/25 bg-info-soft",
  ok: "border-ok/25 bg-ok-soft",
  warn: "border-warn/25 bg-warn-soft",
  bad: "border-bad/25 bg-bad-soft",
};

const inks: Record<Tone, string> = {
  neutral: "text-ink-soft",
  info: "text-info",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
};

// What is bad is read out at once, other news when there is time, and a remark only when one comes to it.
const roles = { neutral: "note", info: "note", ok: "status", warn: "status", bad: "alert" } as const;

export interface NoticeProps {
  tone?: Tone | undefined;
  title?: ReactNode | undefined;
  action?: ReactNode | undefined;
  children?: ReactNode | undefined;
}

/** A message in the page, beside what it is about. */
export function Notice({ tone = "neutral", title, action, children }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div
      role={roles[tone]}
      className={clsx(
        "flex flex-wrap items-start gap-x-4 gap-y-2 rounded-md border px-3 py-2.5 text-sm",
        grounds[tone],
      )}
    >
      <div className="flex flex-1 basis-60 items-start gap-2.5">
        <Icon aria-hidden className={clsx("mt-0.5 size-4 shrink-0", inks[tone])} />
        <div className="break-anywhere grid flex-1 gap-0.5">
          {title ? <p className="font-medium">{title}</p> : null}
          {children ? <div className={title ? "text-ink-soft" : undefined}>{children}</div> : null}
        </div>
      </div>
      {action ? <div className="flex flex-wrap items-center gap-2">{action}</div> : null}
    </div>
  );
}
