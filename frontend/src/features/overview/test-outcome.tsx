import { Link } from "@tanstack/react-router";
import { MessageSquareReply } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { MessageView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { contentText } from "../../domain/content";
import { FailureNote } from "../../domain/failure";
import { Notice } from "../../ui/notice";
import { Time } from "../../ui/time";

/**
 * Below the steps: why the message stopped and what to do, or what is worth doing next. It keeps room for two lines, so that
 * nothing moves while a good message is on its way.
 */
export function TestOutcome({
  message,
  arrived,
  explained,
}: {
  message: MessageView | undefined;
  arrived: MessageView | undefined;
  /** The channel whose hold would be explained beside the form. */
  explained: string | undefined;
}) {
  const { t } = useTranslation(["overview", "domain"]);
  return (
    <div className="grid min-h-15 content-start gap-3 text-sm">
      {message && <Trouble message={message} explained={explained} />}
      {!arrived && <p className="text-ink-soft">{hint(message, t)}</p>}
      <div role="status">{arrived && <Arrival message={arrived} />}</div>
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation<["overview", "domain"]>>["t"];

function hint(message: MessageView | undefined, t: Translate): string {
  if (!message) {
    return t("hint.start");
  }
  switch (message.state) {
    case "delivered":
    case "read":
      return t("hint.answer");
    case "failed":
    case "expired":
    case "cancelled":
      return t("hint.again");
    case "unknown":
      return t("hint.unknown");
    default:
      return message.hold_reason ? t("hint.held") : t("hint.watch");
  }
}

function Trouble({ message, explained }: { message: MessageView; explained: string | undefined }) {
  const { t } = useTranslation(["overview", "domain"]);
  const { state, hold_reason: hold, failure } = message;
  const waits = state === "queued" && hold;
  if (!waits && !failure) {
    return null;
  }
  return (
    <div className="grid gap-2">
      {waits && !(hold === "channel_down" && explained === message.channel_id) ? (
        <Notice tone="warn" title={t(`domain:hold.${hold}.title`)}>
          {t(`domain:hold.${hold}.cure`)}
        </Notice>
      ) : null}
      {failure && !waits ? <FailureNote failure={failure} state={state} /> : null}
      <StoryLink message={message} label={t("trouble.story")} />
    </div>
  );
}

/** A customer's message that came in through the API. */
function Arrival({ message }: { message: MessageView }) {
  const { t } = useTranslation("overview");
  const { t: word } = useTranslation("domain");
  return (
    <div className="flex items-start gap-2.5 rounded-md border border-ok/25 bg-ok-soft px-3 py-2">
      <MessageSquareReply aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      <div className="grid grow gap-0.5">
        <p className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="font-medium">
            {t("arrived.title")} <Time value={message.created_at} look="clock" />
          </span>
          <StoryLink message={message} label={t("arrived.story")} />
        </p>
        <p dir="auto" className="break-anywhere line-clamp-2 text-ink-soft">
          {t("arrived.quoted", { text: contentText(message, word) })}
        </p>
      </div>
    </div>
  );
}

function StoryLink({ message, label }: { message: MessageView; label: string }) {
  const { id } = useWorkspace();
  return (
    <Link
      to="/w/$workspace/messages"
      params={{ workspace: id }}
      search={{ message: message.id }}
      className="link justify-self-start py-0.5"
    >
      {label}
    </Link>
  );
}
