import { Link } from "@tanstack/react-router";
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
  if (story.state !== "queued") {
    return null;
  }
  const hold = story.hold_reason;
  const since = hold === "channel_down" ? channel?.held?.since : undefined;
  // Without a failure it was somebody, and no test undoes that.
  const byHand = hold === "channel_down" && channel?.held != null && channel.held.failure == null;
  // The channel's own reason stands for all its messages; otherwise what the last try of this one met.
  const failure = (hold === "channel_down" ? channel?.held?.failure : undefined) ?? story.failure;
  return (
    <>
      {hold ? (
        <Notice
          tone="warn"
          title={td(`hold.${hold}.title`)}
          action={
            hold === "channel_down" && channel ? (
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
          <p>{byHand ? t("story.heldByHand") : td(`hold.${hold}.cure`)}</p>
          {since ? (
            <p>
              {t("story.heldSince")} <Time value={since} look="full" />
            </p>
          ) : null}
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
