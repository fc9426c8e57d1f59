import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView, MessageStory } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailureNote } from "../../../domain/failure";
import { buttonClass } from "../../../ui/button";
import { Notice } from "../../../ui/notice";
import { Time } from "../../../ui/time";

/** Why a message waits: what holds it, since when, and when it is tried again. */
export function Decision({ story, channel }: { story: MessageStory; channel: ChannelView | undefined }) {
  const { t } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const workspace = useWorkspace();
  const [now] = useState(Date.now);
  if (story.state !== "queued") {
    return null;
  }
  const hold = story.hold_reason;
  const sendAt = story.terms?.send_at;
  const planned = sendAt != null && story.attempts === 0 && !hold && Date.parse(sendAt) > now;
  const since = hold === "channel_down" ? channel?.held?.since : undefined;
  // Without a failure it was somebody, and no test undoes that.
  const byHand = hold === "channel_down" && channel?.held != null && channel.held.failure == null;
  // The channel's own reason stands for all its messages; otherwise what the last try of this one met.
  const failure = (hold === "channel_down" ? channel?.held?.failure : undefined) ?? story.failure;
  const blocked = story.failure?.code === "backup_not_ready";
  const timed = hold === "quiet_hours" || hold === "pair_limit" || hold === "daily_limit";
  return (
    <>
      {hold ? (
        <Notice
          tone="warn"
          title={hold === "failover" && blocked ? td("failure.backup_not_ready.title") : td(`hold.${hold}.title`)}
          action={
            (hold === "channel_down" || hold === "circuit_open") && channel ? (
              <Link
                to="/w/$workspace/channels/$channel"
                params={{ workspace: workspace.id, channel: channel.id }}
                className={buttonClass({ size: "small" })}
              >
                {t("story.openChannel")}
              </Link>
            ) : undefined
          }
        >
          <p>
            {byHand
              ? t("story.heldByHand")
              : hold === "failover" && blocked
                ? t("story.failoverBlocked")
                : td(`hold.${hold}.cure`)}
          </p>
          {timed && Date.parse(story.run_at) > now ? (
            <p>
              {t("story.goesAt")} <Time value={story.run_at} look="full" />
            </p>
          ) : null}
          {since ? (
            <p>
              {t("story.heldSince")} <Time value={since} look="full" />
            </p>
          ) : null}
        </Notice>
      ) : null}
      {planned ? (
        <Notice title={t("story.planned")}>
          <Time value={sendAt} look="full" />
        </Notice>
      ) : null}
      {failure ? <FailureNote failure={failure} state={story.state} /> : null}
      {story.attempts > 0 && hold !== "channel_down" && hold !== "installation" ? (
        <p className="text-ink-soft text-sm">
          {t("story.retry", { count: story.attempts })} <Time value={story.run_at} look="clock" />
        </p>
      ) : null}
    </>
  );
}
