import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import { asProblem } from "../../api/problem";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { FailureDetail } from "../../domain/failure";
import { formatNumber } from "../../lib/format";
import { Badge } from "../../ui/badge";
import { Card } from "../../ui/card";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import type { Tone } from "../../ui/tone";
import { transitionsQuery } from "./queries";
import { type Transition, type Turn, transitionOf } from "./transition";

const tones: Record<Turn, Tone> = {
  opened: "bad",
  halfOpened: "warn",
  closed: "ok",
  lowered: "warn",
  restored: "neutral",
  held: "warn",
  resumed: "ok",
};

/** When circuits turned, rates fell and rose, and channels were held and sent again. */
export function Transitions() {
  const { t } = useTranslation("delivery");
  const workspace = useWorkspace();
  const query = useInfiniteQuery(transitionsQuery(workspace.id));
  const channels = useQuery({ ...channelsQuery(workspace.id), enabled: workspace.can("channels:read") });
  const names = new Map(channels.data?.map(({ id, name }) => [id, name]));
  const rows = query.data?.pages.flatMap(({ data }) => data.flatMap((event) => transitionOf(event) ?? []));
  return (
    <Card title={t("log.title")} description={t("log.lead")} flush={rows !== undefined && rows.length > 0}>
      <RefetchBar active={query.isRefetching} />
      {!rows ? (
        query.error ? (
          <FailedLoad title={t("log.failed")} problem={asProblem(query.error)} query={query} />
        ) : (
          <Skeleton lines={5} />
        )
      ) : rows.length === 0 && !query.hasNextPage ? (
        <EmptyState title={t("log.emptyTitle")}>{t("log.empty")}</EmptyState>
      ) : (
        <>
          <ol aria-label={t("log.title")} className="divide-y divide-line">
            {rows.map((row) => (
              <TransitionRow key={row.seq} row={row} name={row.channel && names.get(row.channel)} />
            ))}
          </ol>
          <div className="border-line border-t px-4 py-2">
            <LoadMore
              hasMore={query.hasNextPage}
              loading={query.isFetchingNextPage}
              failed={query.isFetchNextPageError}
              shown={rows.length}
              onLoad={() => query.fetchNextPage()}
            />
          </div>
        </>
      )}
    </Card>
  );
}

function TransitionRow({ row, name }: { row: Transition; name: string | undefined }) {
  const { t, i18n } = useTranslation("delivery");
  const workspace = useWorkspace();
  const { turn, channel, by, reason, failure, rate } = row;
  return (
    <li className="grid gap-1 px-4 py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={tones[turn]}>{t(`log.turn.${turn}`)}</Badge>
        {channel && name ? (
          <Link
            to="/w/$workspace/channels/$channel"
            params={{ workspace: workspace.id, channel }}
            className="link break-anywhere inline-block py-0.5"
          >
            {name}
          </Link>
        ) : null}
        <span className="text-ink-soft">
          <Time value={row.at} look="short" /> · <Time value={row.at} look="relative" />
        </span>
      </p>
      {rate === undefined ? null : (
        <p className="text-ink-soft">
          {t("log.rate", { rate: formatNumber(rate, i18n.language, { maximumFractionDigits: 1 }) })}
        </p>
      )}
      {by ? <p className="text-ink-soft">{t(`log.by.${turn === "held" ? "held" : "resumed"}.${by}`)}</p> : null}
      {reason ? (
        <p lang="en" className="break-anywhere text-ink-soft">
          {reason}
        </p>
      ) : null}
      {failure ? (
        <div className="text-ink-soft text-xs">
          <FailureDetail failure={failure} />
        </div>
      ) : null}
    </li>
  );
}
