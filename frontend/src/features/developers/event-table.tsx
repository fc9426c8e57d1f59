import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Event } from "../../api/schema.gen";
import type { Column } from "../../ui/column";
import { VirtualTable } from "../../ui/virtual-table";
import { EventKindName } from "./event-kind";
import { LOG_HEIGHT } from "./log-height";
import { Moment } from "./moment";
import { useChannelName } from "./use-channel-name";

interface EventTableProps {
  rows: readonly Event[];
  selected: string | undefined;
  onOpen: (event: Event) => void;
  /** Whether older ones may be had. */
  more: boolean;
  onEndReached: (() => void) | undefined;
  loadingMore: boolean;
}

export function EventTable({ rows, selected, onOpen, more, onEndReached, loadingMore }: EventTableProps) {
  const { t } = useTranslation("developers");
  const channelName = useChannelName();
  const columns = useMemo<Column<Event>[]>(
    () => [
      {
        key: "time",
        header: t("events.column.time"),
        width: "9.5rem",
        cell: ({ at }) => <Moment value={at} />,
      },
      {
        key: "type",
        header: t("events.column.type"),
        width: "12rem",
        cell: ({ type }) => <EventKindName kind={type} />,
      },
      {
        key: "channel",
        header: t("events.column.channel"),
        width: "12rem",
        hideBelow: "md",
        cell: ({ channel_id }) =>
          channel_id
            ? (channelName(channel_id) ?? (channelName(channel_id) === null ? t("log.deletedChannel") : ""))
            : "",
      },
      {
        key: "data",
        header: t("events.column.data"),
        hideBelow: "sm",
        cell: ({ data }) => <code className="font-mono text-ink-soft text-xs">{oneLine(data)}</code>,
      },
      {
        key: "place",
        header: t("events.column.place"),
        width: "6rem",
        align: "end",
        hideBelow: "sm",
        cell: ({ seq }) => <span className="text-ink-soft">{seq}</span>,
      },
    ],
    [t, channelName],
  );
  return (
    <VirtualTable
      caption={t("events.table")}
      columns={columns}
      rows={rows}
      rowKey={({ seq }) => String(seq)}
      rowLabel={({ seq, type }) => t("events.row", { place: seq, type })}
      selectedKey={selected}
      onOpen={onOpen}
      total={more ? "unknown" : undefined}
      onEndReached={onEndReached}
      loadingMore={loadingMore}
      maxHeight={LOG_HEIGHT}
    />
  );
}

function oneLine(data: Event["data"]): string {
  const text = JSON.stringify(data);
  return text === "{}" ? "" : text;
}
