import clsx from "clsx";
import { Check, CheckCheck, CircleQuestionMark, CircleX, Clock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BubbleStatus, Direction, MessageState } from "../api/schema.gen";
import { Time } from "../ui/time";

/**
 * One message in a thread. `view`: whose telephone it is, the business's (its own messages at the end of the line) or the
 * customer's. `ticks`: how far an outgoing message has come. `header` and `children` stand above and below the text.
 */
export function Bubble({
  direction,
  text,
  time,
  ticks,
  failed = false,
  view = "business",
  header,
  children,
}: {
  direction: Direction;
  text: string;
  time?: string | undefined;
  ticks?: MessageState | BubbleStatus | undefined;
  failed?: boolean | undefined;
  view?: "business" | "customer" | undefined;
  header?: ReactNode;
  children?: ReactNode;
}) {
  const own = (direction === "outbound") === (view === "business");
  const mark = failed ? "failed" : ticks;
  return (
    <div
      className={clsx(
        "flex w-fit min-w-24 max-w-[85%] flex-col gap-1 rounded-lg border px-3 py-2 text-base",
        own ? "self-end rounded-ee-sm bg-accent-soft" : "self-start rounded-es-sm bg-panel",
        mark === "failed" ? "border-bad" : "border-line",
      )}
    >
      {header}
      {text === "" ? null : (
        // Each line in its own direction, as on a telephone.
        <p className="break-anywhere whitespace-pre-wrap text-start [unicode-bidi:plaintext]">{text}</p>
      )}
      {children}
      {time || mark ? (
        <p className="flex items-center justify-end gap-1 text-xs text-ink-soft">
          {time ? <Time value={time} look="short" /> : null}
          {mark ? <Ticks state={mark} /> : null}
        </p>
      ) : null}
    </div>
  );
}

/** The familiar ticks, with their meaning as text for those who can't see them. */
function Ticks({ state }: { state: MessageState | BubbleStatus }) {
  const { t } = useTranslation("domain");
  const { icon: Icon, tone } = tickOf(state);
  const name = t(`state.${state}`);
  return (
    <span className={clsx("inline-flex items-center", tone)} title={name}>
      <Icon aria-hidden className="size-4" />
      <span className="sr-only">{name}</span>
    </span>
  );
}

function tickOf(state: MessageState | BubbleStatus): { icon: typeof Check; tone: string } {
  switch (state) {
    case "read":
      return { icon: CheckCheck, tone: "text-info" };
    case "delivered":
      return { icon: CheckCheck, tone: "text-ink-soft" };
    case "accepted":
    case "sent":
    case "received":
      return { icon: Check, tone: "text-ink-soft" };
    case "failed":
    case "expired":
    case "cancelled":
      return { icon: CircleX, tone: "text-bad" };
    case "unknown":
      return { icon: CircleQuestionMark, tone: "text-warn" };
    case "queued":
    case "claimed":
    case "sending":
      return { icon: Clock, tone: "text-ink-soft" };
  }
}
