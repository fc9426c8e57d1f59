import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { FailOverResult, RetriedMany } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Notice } from "../../../ui/notice";

export type Outcome =
  | { kind: "retried"; told: RetriedMany; message?: string | undefined }
  | { kind: "moved"; told: FailOverResult; provider: string };

/** What became of messages that were sent again or by the other provider, those that stayed among them. */
export function OutcomeNotice({ outcome }: { outcome: Outcome }) {
  return outcome.kind === "retried" ? (
    <Retried told={outcome.told} message={outcome.message} />
  ) : (
    <Moved told={outcome.told} provider={outcome.provider} />
  );
}

function Retried({ told: { requeued, left_out }, message }: { told: RetriedMany; message: string | undefined }) {
  const { t } = useTranslation("messages");
  return (
    <Notice
      tone={requeued > 0 ? "ok" : "warn"}
      title={t("dead.requeued", { count: requeued })}
      action={message && requeued > 0 ? <StoryLink message={message} /> : undefined}
    >
      {left_out.length > 0 ? (
        <ul className="list-disc ps-4">
          {left_out.map(({ reason, count }) => (
            <li key={reason}>
              {t("dead.leftOut", { count })} {t(`notRetried.${reason}`)}
            </li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}

function Moved({ told: { moved, stayed }, provider }: { told: FailOverResult; provider: string }) {
  const { t } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  return (
    <Notice tone={moved > 0 ? "ok" : "warn"} title={t("dead.moved", { count: moved, provider })}>
      {stayed.length > 0 ? (
        <ul className="list-disc ps-4">
          {stayed.map(({ code, count, message_ids: [example] }) => (
            <li key={code}>
              {t("dead.stayed", { count })} {td(`obstacle.${code}`)}{" "}
              {example ? <StoryLink message={example} one={count > 1} /> : null}
            </li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}

function StoryLink({ message, one = false }: { message: string; one?: boolean }) {
  const { t } = useTranslation("messages");
  const { id } = useWorkspace();
  return (
    <Link to="/w/$workspace/messages" params={{ workspace: id }} search={{ message }} className="link text-sm">
      {t(one ? "dead.oneStory" : "unknowns.story")}
    </Link>
  );
}
