import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { messageQuery } from "../../api/messages";
import type { MessageView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { MessageStateBadge, stateTone } from "../../domain/message-state";
import { PhoneNumber } from "../../domain/number";
import { Notice } from "../../ui/notice";
import { Time } from "../../ui/time";

/** The message that was taken last, and how far it has come since. */
export function SentNotice({ message }: { message: MessageView }) {
  const { t } = useTranslation("compose");
  const workspace = useWorkspace();
  const { state, hold_reason } = useQuery(messageQuery(workspace.id, message.id)).data ?? message;
  const sendAt = message.terms?.send_at;
  const waits = sendAt != null && state === "queued";
  return (
    <Notice
      tone={stateTone(state) === "bad" ? "bad" : "ok"}
      title={
        <>
          {t(waits ? "sent.scheduled" : state === "cancelled" ? "sent.cancelled" : "sent.title")}{" "}
          <PhoneNumber value={message.person} />
        </>
      }
      action={
        <>
          {/* Not spoken at each step: the whole notice would be read again. */}
          <span aria-live="off" className="contents">
            <MessageStateBadge state={state} hold={hold_reason} />
          </span>
          <Link
            to="/w/$workspace/messages"
            params={{ workspace: workspace.id }}
            search={{ message: message.id }}
            className="link text-sm"
          >
            {t("sent.story")}
          </Link>
        </>
      }
    >
      {waits ? <Time value={sendAt} look="full" /> : null}
    </Notice>
  );
}
