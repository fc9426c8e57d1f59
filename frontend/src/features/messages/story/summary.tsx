import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { contactQuery } from "../../../api/contacts";
import { mediaUrl } from "../../../api/media";
import { messageQuery } from "../../../api/messages";
import type { ChannelView, MessageStory } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Bubble } from "../../../domain/bubble";
import { contentText } from "../../../domain/content";
import { type FaceMedia, faceOf } from "../../../domain/face";
import { FailureNote } from "../../../domain/failure";
import { MessageFace } from "../../../domain/message-face";
import { MessageStateBadge } from "../../../domain/message-state";
import { PhoneNumber } from "../../../domain/number";
import { ProviderMark } from "../../../domain/provider";
import { Details } from "../../../ui/details";
import { type Fact, Facts } from "../../../ui/facts";
import { JsonView } from "../../../ui/json";
import { Time } from "../../../ui/time";
import { ChannelName } from "../channel-name";
import { mediumQuery } from "../queries";
import { Around } from "./around";
import { CopyId } from "./copy-id";
import { Decision } from "./decision";
import { Medium, mediumOf } from "./medium";

/** What it is, where it stands, why, and by which names it is known. */
export function Summary({ story, channels }: { story: MessageStory; channels: readonly ChannelView[] }) {
  const { t } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const { id: workspace } = useWorkspace();
  const { content } = story;
  const own = mediumOf(content);
  const medium = useQuery({ ...mediumQuery(workspace, own ?? ""), enabled: own !== undefined });
  // What is not here can't be shown; other media, such as a header's, were here before the message went.
  const urlOf = ({ id }: FaceMedia) =>
    id && (id !== own || medium.data?.state === "ready") ? mediaUrl(workspace, id) : undefined;
  const waits = story.state === "queued";
  const failed = story.state === "failed";
  return (
    <div className="grid gap-4">
      <div className="flex flex-col rounded-md bg-canvas p-3">
        <Bubble
          direction={story.direction}
          text=""
          time={story.created_at}
          ticks={story.direction === "outbound" ? story.state : undefined}
          failed={failed}
        >
          <MessageFace face={faceOf(story, td)} urlOf={urlOf} />
        </Bubble>
      </div>
      {medium.data ? <Medium medium={medium.data} /> : null}
      <Around story={story} />
      <Decision story={story} channel={channels.find(({ id }) => id === story.channel_id)} />
      {story.failure && !waits ? <FailureNote failure={story.failure} state={story.state} /> : null}
      <Facts items={facts()} />
      {content.type === "text" ? null : (
        <Details summary={t(content.type === "other" ? "story.raw" : "story.whole")}>
          <JsonView value={content.type === "other" ? content.raw : content} label={t("story.content")} />
        </Details>
      )}
    </div>
  );

  function facts(): Fact[] {
    const items: Fact[] = [
      { label: t("fact.state"), value: <MessageStateBadge state={story.state} hold={story.hold_reason} /> },
      { label: t("fact.person"), value: <Person story={story} /> },
      { label: t("fact.channel"), value: <ChannelLink id={story.channel_id} channels={channels} /> },
      { label: t("fact.provider"), value: <ProviderMark provider={story.provider} /> },
    ];
    if (story.class) {
      items.push({ label: t("fact.class"), value: td(`class.${story.class}`) });
    }
    items.push(...termsOf());
    if (story.expires_at) {
      items.push({ label: t("fact.expires"), value: <Time value={story.expires_at} look="full" /> });
    }
    if (story.client_reference) {
      items.push({
        label: t("fact.reference"),
        value: <CopyId value={story.client_reference} label={t("copy.reference")} />,
      });
    }
    items.push({ label: t("fact.id"), value: <CopyId value={story.id} label={t("copy.id")} /> });
    if (story.provider_message_id) {
      items.push({
        label: t("fact.providerId"),
        value: <CopyId value={story.provider_message_id} label={t("copy.providerId")} />,
      });
    }
    if (story.direction === "inbound" && story.read_at) {
      items.push({ label: t("fact.readAt"), value: <Time value={story.read_at} look="full" /> });
    }
    if (story.reply_to_id) {
      items.push({ label: t("fact.replyTo"), value: <OtherMessage id={story.reply_to_id} /> });
    } else if (story.reply_to) {
      items.push({ label: t("fact.replyTo"), value: <CopyId value={story.reply_to} label={t("copy.replyTo")} /> });
    }
    if (content.type === "reaction" && content.message_id) {
      items.push({ label: t("fact.reactsTo"), value: <OtherMessage id={content.message_id} /> });
    }
    return items;
  }

  /** Where its delivery differs from the workspace's settings. */
  function termsOf(): Fact[] {
    const { send_at, ignore_quiet_hours, fallback, moved_from } = story.terms ?? {};
    const items: Fact[] = [];
    if (moved_from) {
      items.push({ label: t("fact.movedFrom"), value: <ChannelLink id={moved_from} channels={channels} /> });
    }
    if (send_at) {
      items.push({ label: t("fact.sendAt"), value: <Time value={send_at} look="full" /> });
    }
    if (ignore_quiet_hours) {
      items.push({ label: t("fact.quietHours"), value: t("fact.quietHoursIgnored") });
    }
    if (fallback) {
      items.push({
        label: t("fact.fallback"),
        value: (
          <>
            {td(`failoverMode.${fallback.mode}`)}
            {fallback.template ? (
              <span className="block text-ink-soft text-xs">
                {t("fact.fallbackTemplate")} <code className="font-mono">{fallback.template}</code>
              </span>
            ) : null}
          </>
        ),
      });
    }
    return items;
  }
}

/** Opens another message's story in the place of this one. */
function OtherMessage({ id }: { id: string }) {
  const { t } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const workspace = useWorkspace();
  const shown = useSearch({ from: "/w/$workspace/messages" });
  const other = useQuery({ ...messageQuery(workspace.id, id), retry: false });
  return (
    <Link
      to="/w/$workspace/messages"
      params={{ workspace: workspace.id }}
      search={{ ...shown, message: id }}
      className="link break-anywhere"
    >
      {(other.data && contentText(other.data, td)) || t("story.other")}
    </Link>
  );
}

function Person({ story: { contact_id, person } }: { story: MessageStory }) {
  const { t } = useTranslation("messages");
  const workspace = useWorkspace();
  const contact = useQuery({
    ...contactQuery(workspace.id, contact_id ?? ""),
    enabled: contact_id !== undefined && contact_id !== null,
  });
  const name = contact.data?.name;
  return (
    <span className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      {name ? <bdi className="break-anywhere">{name}</bdi> : null}
      <PhoneNumber value={person} />
      <Link
        to="/w/$workspace/messages"
        params={{ workspace: workspace.id }}
        search={{ person }}
        className="link text-xs"
      >
        {t("story.allWith")}
      </Link>
    </span>
  );
}

function ChannelLink({ id, channels }: { id: string; channels: readonly ChannelView[] }) {
  const { id: workspace } = useWorkspace();
  const channel = channels.find((one) => one.id === id);
  return channel ? (
    <Link to="/w/$workspace/channels/$channel" params={{ workspace, channel: channel.id }} className="link">
      {channel.name}
    </Link>
  ) : (
    <ChannelName id={id} channels={channels} />
  );
}
