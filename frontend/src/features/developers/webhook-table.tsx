import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { WebhookEvent } from "../../api/schema.gen";
import { ProviderMark, providerName } from "../../domain/provider";
import { formatMoment } from "../../lib/format";
import type { Column } from "../../ui/column";
import { VirtualTable } from "../../ui/virtual-table";
import { LOG_HEIGHT } from "./log-height";
import { Moment } from "./moment";
import { useChannelName } from "./use-channel-name";
import { WebhookStateBadge } from "./webhook-state";

interface WebhookTableProps {
  rows: readonly WebhookEvent[];
  selected: string | undefined;
  onOpen: (webhook: WebhookEvent) => void;
  onEndReached: (() => void) | undefined;
  loadingMore: boolean;
}

export function WebhookTable({ rows, selected, onOpen, onEndReached, loadingMore }: WebhookTableProps) {
  const { t, i18n } = useTranslation(["developers", "domain"]);
  const { t: word } = useTranslation("domain");
  const channelName = useChannelName();
  const columns = useMemo<Column<WebhookEvent>[]>(() => {
    const channels = (ids: readonly string[]) => {
      const [first, ...more] = ids;
      if (first === undefined) {
        return "";
      }
      const name = channelName(first);
      const shown = name === null ? t("log.deletedChannel") : (name ?? "");
      return more.length > 0 ? `${shown} ${t("webhooks.more", { count: more.length })}` : shown;
    };
    return [
      {
        key: "received",
        header: t("webhooks.column.received"),
        width: "9.5rem",
        cell: ({ received_at }) => <Moment value={received_at} />,
      },
      {
        key: "state",
        header: t("webhooks.column.state"),
        width: "6.5rem",
        cell: ({ state }) => <WebhookStateBadge state={state} />,
      },
      {
        key: "provider",
        header: t("webhooks.column.provider"),
        width: "9rem",
        hideBelow: "sm",
        cell: ({ provider }) => <ProviderMark provider={provider} />,
      },
      {
        key: "channel",
        header: t("webhooks.column.channel"),
        width: "14rem",
        hideBelow: "md",
        cell: (webhook) => channels(webhook.channels),
      },
      {
        key: "tries",
        header: t("webhooks.column.tries"),
        width: "6rem",
        align: "end",
        hideBelow: "sm",
        cell: ({ tries }) => (tries > 0 ? tries : ""),
      },
      {
        key: "error",
        header: t("webhooks.column.error"),
        hideBelow: "sm",
        cell: ({ error, state }) =>
          // What was overcome is told in the drawer.
          error && state !== "done" ? <span className="text-bad">{error}</span> : "",
      },
    ];
  }, [t, channelName]);
  return (
    <VirtualTable
      caption={t("webhooks.table")}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowLabel={({ provider, received_at, state }) =>
        t("webhooks.row", {
          provider: providerName(provider, word),
          time: formatMoment(received_at, "clock", i18n.language, Date.now()),
          state: t(`webhooks.stateName.${state}`),
        })
      }
      selectedKey={selected}
      onOpen={onOpen}
      onEndReached={onEndReached}
      loadingMore={loadingMore}
      maxHeight={LOG_HEIGHT}
    />
  );
}
