import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Direction, Bubble as PhoneBubble } from "../api/schema.gen";
import { Bubble } from "./bubble";
import type { FaceButton, FaceRow } from "./face";
import { MessageFace } from "./message-face";
import { phoneFace, type UrlOfFile } from "./phone-face";

/**
 * The messages on a customer's telephone, oldest first, with how far the business's own have come. What one answers is
 * quoted above it. `below` stands under a bubble: what can be done with it, why it failed. Buttons and rows of messages that
 * reached the telephone can be pressed where `onPress` and `onPick` say what that does.
 */
export function PhoneThread({
  label,
  urlOf,
  messages,
  below,
  onPress,
  onPick,
}: {
  label: string;
  urlOf: UrlOfFile;
  messages: readonly PhoneBubble[];
  below?: ((bubble: PhoneBubble) => ReactNode) | undefined;
  onPress?: ((bubble: PhoneBubble, button: FaceButton) => (() => void) | undefined) | undefined;
  onPick?: ((bubble: PhoneBubble, row: FaceRow) => void) | undefined;
}) {
  const { t } = useTranslation("domain");
  const byId = new Map(messages.map((bubble) => [bubble.provider_message_id, bubble]));
  const reactions = reactionsIn(messages);
  return (
    <ol aria-label={label} className="flex flex-col gap-2">
      {messages.map((bubble) => {
        if (isDrawnAtItsTarget(bubble, byId)) {
          return null;
        }
        const answered = bubble.reply_to ? byId.get(bubble.reply_to) : undefined;
        const arrived = bubble.direction === "outbound" && ["delivered", "read"].includes(bubble.status);
        return (
          <li key={bubble.provider_message_id} className="flex flex-col">
            <Bubble
              view="customer"
              direction={bubble.direction}
              text=""
              time={bubble.at}
              ticks={bubble.direction === "outbound" ? bubble.status : bubble.read_at ? "read" : undefined}
              failed={bubble.status === "failed"}
              header={
                <>
                  {answered ? <Quote>{answered.text}</Quote> : null}
                  <Marks bubble={bubble} />
                </>
              }
            >
              {bubble.deleted ? (
                <p className="text-ink-soft text-sm italic">{t("phoneMark.deleted")}</p>
              ) : (
                <MessageFace
                  face={phoneFace(bubble.content, urlOf, t)}
                  onPress={arrived && onPress ? (button) => onPress(bubble, button) : undefined}
                  onPick={arrived && onPick ? (row) => onPick(bubble, row) : undefined}
                />
              )}
              <Reactions of={reactions.get(bubble.provider_message_id)} />
              {below?.(bubble)}
            </Bubble>
            {bubble.typing ? (
              <p className="mt-2 self-start rounded-lg border border-line bg-panel px-3 py-1 text-ink-soft text-sm">
                {t("phoneMark.typing")}
              </p>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

/** A reaction stands at the message it is for, unless that one is not here or the reaction did not arrive. */
function isDrawnAtItsTarget({ content, status }: PhoneBubble, byId: ReadonlyMap<string, PhoneBubble>): boolean {
  return content.kind === "reaction" && status !== "failed" && byId.has(content.message_id);
}

/** By the message they are for, the last emoji of each side. */
function reactionsIn(messages: readonly PhoneBubble[]): Map<string, Map<Direction, string>> {
  const found = new Map<string, Map<Direction, string>>();
  for (const { content, direction, status } of messages) {
    if (content.kind === "reaction" && status !== "failed") {
      const those = found.get(content.message_id) ?? new Map();
      found.set(content.message_id, those.set(direction, content.emoji ?? ""));
    }
  }
  return found;
}

function Reactions({ of }: { of: ReadonlyMap<Direction, string> | undefined }) {
  const { t } = useTranslation("domain");
  const given = [...(of ?? [])].filter(([, emoji]) => emoji !== "");
  return given.length === 0 ? null : (
    <p className="flex gap-1">
      {given.map(([direction, emoji]) => (
        <span key={direction} className="rounded-full border border-line bg-panel px-1.5 text-sm">
          <span className="sr-only">{t(`phoneMark.reaction.${direction}`)}</span> {emoji}
        </span>
      ))}
    </p>
  );
}

/** What surrounds a message on the telephone. */
function Marks({ bubble }: { bubble: PhoneBubble }) {
  const { t } = useTranslation("domain");
  const marks = [
    bubble.forwarded === "no" ? undefined : t(`phoneMark.forwarded.${bubble.forwarded}`),
    bubble.referred ? t("phoneMark.referred") : undefined,
    bubble.edited ? t("phoneMark.edited") : undefined,
  ].filter((mark) => mark !== undefined);
  return marks.length > 0 ? <p className="text-ink-soft text-xs italic">{marks.join(" · ")}</p> : null;
}

/** A message that is answered, in one line. */
export function Quote({ children }: { children: ReactNode }) {
  return (
    <blockquote dir="auto" className="truncate border-accent border-s-2 ps-2 text-ink-soft text-xs">
      {children}
    </blockquote>
  );
}
