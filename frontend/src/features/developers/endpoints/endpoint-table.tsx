import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { WebhookEndpointView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import type { Column } from "../../../ui/column";
import { PlainTable } from "../../../ui/plain-table";
import { Time } from "../../../ui/time";
import { EndpointState } from "./endpoint-state";

export function EndpointTable({ rows }: { rows: readonly WebhookEndpointView[] }) {
  const { t } = useTranslation("webhook-endpoints");
  const workspace = useWorkspace();
  const columns: Column<WebhookEndpointView>[] = [
    {
      key: "url",
      header: t("column.endpoint"),
      cell: (row) => (
        <span className="grid gap-0.5">
          <Link
            to="/w/$workspace/webhook-endpoints/$endpoint"
            params={{ workspace: workspace.id, endpoint: row.id }}
            className="link break-anywhere inline-block py-0.5 font-medium"
          >
            {row.description || row.url}
          </Link>
          {row.description ? <span className="break-anywhere text-ink-soft text-xs">{row.url}</span> : null}
          {/* What the columns say that have no room on a phone. */}
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-soft text-xs @min-[40rem]:hidden">
            <EndpointState endpoint={row} />
            <Kinds of={row} />
            <LastTaken of={row} />
          </span>
        </span>
      ),
    },
    { key: "kinds", header: t("column.kinds"), hideBelow: "sm", cell: (row) => <Kinds of={row} /> },
    { key: "last", header: t("column.last"), hideBelow: "sm", cell: (row) => <LastTaken of={row} /> },
    { key: "state", header: t("column.state"), hideBelow: "sm", cell: (row) => <EndpointState endpoint={row} /> },
  ];
  return <PlainTable caption={t("table")} columns={columns} rows={rows} rowKey={({ id }) => id} />;
}

function Kinds({ of: { event_types: kinds } }: { of: WebhookEndpointView }) {
  const { t } = useTranslation("webhook-endpoints");
  return (
    <span className="whitespace-nowrap">
      {kinds.length === 0 ? t("kinds.all") : t("kinds.some", { count: kinds.length })}
    </span>
  );
}

function LastTaken({ of: { last_delivered_at } }: { of: WebhookEndpointView }) {
  const { t } = useTranslation("webhook-endpoints");
  return last_delivered_at ? (
    <Time value={last_delivered_at} look="relative" />
  ) : (
    <span className="whitespace-nowrap text-ink-soft">{t("nothingYet")}</span>
  );
}
