import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ChannelView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { formatNumber } from "../../lib/format";
import { Card } from "../../ui/card";
import { PlainTable } from "../../ui/plain-table";
import { RefetchBar, Skeleton } from "../../ui/state";
import { LoadError } from "./load-error";
import { type ComparedLine, ledgerQuery } from "./queries";

const COUNTS = ["accepted", "sent", "delivered", "read", "failed", "inbound"] as const;

/** What the simulator counted, and where Duplex says otherwise. */
export function Ledger({ channels }: { channels: readonly ChannelView[] }) {
  const { t } = useTranslation("phone");
  const { id } = useWorkspace();
  const ledger = useQuery(ledgerQuery(id));
  const rows = (ledger.data ?? []).map((line) => ({
    ...line,
    name: channels.find((channel) => channel.id === line.channel_id)?.name ?? line.channel_id,
  }));
  const differs = rows.some((row) => row.own && COUNTS.some((name) => row.own?.[name] !== row[name]));
  return (
    <Card title={t("ledger.title")} description={t("ledger.why")} flush>
      <RefetchBar active={ledger.isRefetching} />
      {ledger.isPending ? (
        <div className="p-4">
          <Skeleton height="6rem" />
        </div>
      ) : ledger.isError && !ledger.data ? (
        <div className="p-4">
          <LoadError query={ledger} />
        </div>
      ) : (
        <>
          <PlainTable
            caption={t("ledger.title")}
            rows={rows}
            rowKey={(row) => row.channel_id}
            columns={[
              { key: "channel", header: t("ledger.channel"), cell: (row) => row.name },
              ...COUNTS.map((name) => ({
                key: name,
                header: t(`ledger.${name}`),
                align: "end" as const,
                cell: (row: ComparedLine) => <Count simulator={row[name]} duplex={row.own?.[name]} />,
              })),
            ]}
          />
          <p className="border-line border-t px-4 py-2.5 text-ink-soft text-xs">
            {rows.some(({ own }) => !own) ? t("ledger.tooMany") : differs ? t("ledger.differs") : t("ledger.agree")}
          </p>
        </>
      )}
    </Card>
  );
}

function Count({ simulator, duplex }: { simulator: number; duplex: number | undefined }) {
  const { t, i18n } = useTranslation("phone");
  return (
    <>
      {formatNumber(simulator, i18n.language)}
      {duplex !== undefined && duplex !== simulator ? (
        <span className="block whitespace-nowrap text-warn text-xs">
          {t("ledger.own", { count: duplex, shown: formatNumber(duplex, i18n.language) })}
        </span>
      ) : null}
    </>
  );
}
