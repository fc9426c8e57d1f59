import { ArrowDownLeft, ArrowUp, ArrowUpRight } from "lucide-react";
import { type RefObject, type UIEvent, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView, Direction, MessageView } from "../../api/schema.gen";
import { contentText } from "../../domain/content";
import { MessageStateBadge } from "../../domain/message-state";
import { PhoneNumber } from "../../domain/number";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { LoadMore, RefetchBar } from "../../ui/state";
import { Time } from "../../ui/time";
import { VirtualTable } from "../../ui/virtual-table";
import { ChannelName } from "./channel-name";
import { type MessageList, waitingOf } from "./list";
import type { LiveMessages } from "./queries";

/** Within this many pixels of the top, nobody is reading further down. */
const TOP = 40;

export function MessageTable({
  list,
  messages,
  channels,
  reading,
  selected,
  onOpen,
}: {
  list: MessageList;
  messages: LiveMessages;
  channels: readonly ChannelView[];
  /** Set while the table is scrolled down. */
  reading: RefObject<boolean>;
  selected: string | undefined;
  onOpen: (message: MessageView) => void;
}) {
  const { t } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const frame = useRef<HTMLDivElement>(null);
  const columns = useMemo(
    () => [
      {
        key: "person",
        header: t("column.person"),
        // Wide enough for a number, and both columns still fit a screen of 320 px.
        width: "clamp(10.75rem, 20cqi, 14rem)",
        cell: ({ direction, person }: MessageView) => (
          <span className="inline-flex max-w-full items-center gap-1.5 align-middle">
            <DirectionMark direction={direction} />
            <span className="truncate">
              <PhoneNumber value={person} />
            </span>
          </span>
        ),
      },
      {
        key: "text",
        header: t("column.text"),
        hideBelow: "sm" as const,
        cell: (message: MessageView) => (
          <span dir="auto" className="block truncate">
            {contentText(message, td)}
          </span>
        ),
      },
      {
        key: "state",
        header: t("column.state"),
        width: "7rem",
        cell: ({ state, hold_reason }: MessageView) => <MessageStateBadge state={state} hold={hold_reason} />,
      },
      {
        key: "channel",
        header: t("column.channel"),
        width: "12rem",
        hideBelow: "md" as const,
        cell: ({ channel_id }: MessageView) => <ChannelName id={channel_id} channels={channels} />,
      },
      {
        key: "time",
        header: t("column.time"),
        width: "6rem",
        align: "end" as const,
        hideBelow: "sm" as const,
        cell: ({ created_at }: MessageView) => (
          <span className="text-ink-soft">
            <Time value={created_at} />
          </span>
        ),
      },
    ],
    [channels, t, td],
  );

  // Scrolling does not bubble, but it can be seen on its way down to the table's own box.
  function scrolled(event: UIEvent) {
    if (event.target instanceof HTMLElement && event.target.querySelector("table")) {
      reading.current = event.target.scrollTop > TOP;
      if (!reading.current && list.waiting) {
        messages.letNewIn();
      }
    }
  }

  function showNew() {
    reading.current = false;
    messages.letNewIn();
    frame.current?.querySelector("table")?.parentElement?.scrollTo({ top: 0 });
  }

  const waiting = waitingOf(list);
  return (
    <Card flush>
      <RefetchBar active={messages.query.isFetching} />
      <div ref={frame} onScrollCapture={scrolled} className="relative">
        {/* Spoken once, not with each further message. */}
        <p role="status" className="sr-only">
          {waiting.count > 0 ? t("newThere") : null}
        </p>
        {waiting.count > 0 ? (
          <div className="pointer-events-none absolute inset-x-0 top-11 z-20 flex justify-center">
            <span className="pointer-events-auto rounded-md shadow-overlay">
              <Button look="primary" size="small" icon={<ArrowUp />} onClick={showNew}>
                {t(waiting.more ? "newMore" : "new", { count: waiting.count })}
              </Button>
            </span>
          </div>
        ) : null}
        <VirtualTable
          caption={t("title")}
          columns={columns}
          rows={list.rows}
          rowKey={({ id }) => id}
          onOpen={onOpen}
          selectedKey={selected}
          total={list.next ? "unknown" : undefined}
          onEndReached={messages.olderFailed ? undefined : messages.loadOlder}
          loadingMore={messages.loadingOlder}
          maxHeight="max(20rem, calc(100dvh - 17.5rem))"
        />
      </div>
      <div className="border-line border-t px-4 py-1">
        <LoadMore
          hasMore={list.next !== undefined}
          loading={messages.loadingOlder}
          onLoad={messages.loadOlder}
          failed={messages.olderFailed}
          shown={list.rows.length}
        />
      </div>
    </Card>
  );
}

function DirectionMark({ direction }: { direction: Direction }) {
  const { t } = useTranslation("domain");
  const Icon = direction === "outbound" ? ArrowUpRight : ArrowDownLeft;
  const name = t(`direction.${direction}`);
  return (
    <span title={name} className="shrink-0 text-ink-soft">
      <Icon aria-hidden className="size-4" />
      <span className="sr-only">{name}</span>
    </span>
  );
}
