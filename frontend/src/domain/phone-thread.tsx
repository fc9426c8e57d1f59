import type { ReactNode } from "react";
import type { Bubble as PhoneBubble } from "../api/schema.gen";
import { Bubble } from "./bubble";

/**
 * The messages on a customer's telephone, oldest first, with how far the business's own have come. What one answers is
 * quoted above it. `below` stands under a bubble: what can be done with it, why it failed.
 */
export function PhoneThread({
  label,
  messages,
  below,
}: {
  label: string;
  messages: readonly PhoneBubble[];
  below?: ((bubble: PhoneBubble) => ReactNode) | undefined;
}) {
  const byId = new Map(messages.map((bubble) => [bubble.provider_message_id, bubble]));
  return (
    <ol aria-label={label} className="flex flex-col gap-2">
      {messages.map((bubble) => {
        const answered = bubble.reply_to ? byId.get(bubble.reply_to) : undefined;
        return (
          <li key={bubble.provider_message_id} className="flex flex-col">
            <Bubble
              view="customer"
              direction={bubble.direction}
              text={bubble.text}
              time={bubble.at}
              ticks={bubble.direction === "outbound" ? bubble.status : undefined}
              failed={bubble.status === "failed"}
              header={answered ? <Quote>{answered.text}</Quote> : undefined}
            >
              {below?.(bubble)}
            </Bubble>
          </li>
        );
      })}
    </ol>
  );
}

/** A message that is answered, in one line. */
export function Quote({ children }: { children: ReactNode }) {
  return (
    <blockquote dir="auto" className="truncate border-accent border-s-2 ps-2 text-ink-soft text-xs">
      {children}
    </blockquote>
  );
}
