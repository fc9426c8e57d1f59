import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { WebhookDeliveryView } from "../../../api/schema.gen";
import { formatMoment } from "../../../lib/format";
import type { Column } from "../../../ui/column";
import { VirtualTable } from "../../../ui/virtual-table";
import { Moment } from "../moment";
import { DeliveryState } from "./endpoint-state";

export function DeliveryTable({
  rows,
  selected,
  onOpen,
  onEndReached,
  loadingMore,
}: {
  rows: readonly WebhookDeliveryView[];
  selected: string | undefined;
  onOpen: (delivery: WebhookDeliveryView) => void;
  onEndReached: (() => void) | undefined;
  loadingMore: boolean;
}) {
  const { t, i18n } = useTranslation("webhook-endpoints");
  const columns = useMemo<Column<WebhookDeliveryView>[]>(
    () => [
      {
        key: "type",
        header: t("log.column.type"),
        // The longest name where there is room, and what a phone has beside the state.
        width: "clamp(10.5rem, 24cqw, 15rem)",
        cell: ({ event_type }) => <code className="font-mono text-xs">{event_type}</code>,
      },
      {
        key: "state",
        header: t("log.column.state"),
        width: "6.75rem",
        cell: ({ state, tries }) => <DeliveryState state={state} tried={tries > 0} />,
      },
      {
        key: "made",
        header: t("log.column.made"),
        width: "9.5rem",
        hideBelow: "sm",
        cell: ({ created_at }) => <Moment value={created_at} />,
      },
      {
        key: "tries",
        header: t("log.column.tries"),
        width: "5rem",
        align: "end",
        hideBelow: "sm",
        cell: ({ tries }) => tries,
      },
      {
        key: "answer",
        header: t("log.column.answer"),
        hideBelow: "md",
        cell: ({ last_status, last_error, state }) =>
          state === "delivered" ? (
            last_status
          ) : last_error ? (
            <span lang="en" className="text-bad">
              {last_error}
            </span>
          ) : (
            ""
          ),
      },
    ],
    [t],
  );
  return (
    <VirtualTable
      caption={t("log.table")}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowLabel={({ event_type, created_at, state }) =>
        t("log.row", {
          type: event_type,
          time: formatMoment(created_at, "clock", i18n.language, Date.now()),
          state: t(`delivery.state.${state}`),
        })
      }
      selectedKey={selected}
      onOpen={onOpen}
      onEndReached={onEndReached}
      loadingMore={loadingMore}
      maxHeight="32rem"
    />
  );
}
