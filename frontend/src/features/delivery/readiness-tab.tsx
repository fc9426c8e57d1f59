import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Split } from "lucide-react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import { asProblem } from "../../api/problem";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { Button, buttonClass } from "../../ui/button";
import { Card } from "../../ui/card";
import { SelectField } from "../../ui/field";
import { EmptyState, RefetchBar, Skeleton } from "../../ui/state";
import { FailoverCard } from "./failover-card";
import { MarketChoice } from "./market-choice";
import { NotYours } from "./not-yours";
import { readinessQuery } from "./queries";
import { WayCard } from "./way-card";

const shows = ["ready", "not_ready"] as const;

/** Which templates could go by the other provider, and what that costs. */
export function ReadinessTab() {
  const workspace = useWorkspace();
  return (
    <>
      {workspace.can("workspace:read") ? <FailoverCard /> : null}
      {workspace.can("messages:read") ? <Ways /> : <NotYours />}
    </>
  );
}

function Ways() {
  const { t } = useTranslation("delivery");
  const workspace = useWorkspace();
  const { markets = [], show } = useSearch({ from: "/w/$workspace/delivery" });
  const navigate = useNavigate({ from: "/w/$workspace/delivery" });
  const query = useQuery(readinessQuery(workspace.id, markets));
  const channels = useQuery({ ...channelsQuery(workspace.id), enabled: workspace.can("channels:read") });

  function choose(next: readonly string[]) {
    void navigate({
      search: (old) => ({ ...old, markets: next.length > 0 ? [...next] : undefined }),
      replace: true,
      resetScroll: false,
    });
  }

  if (query.error && (!query.data || query.isPlaceholderData)) {
    const problem = asProblem(query.error);
    return problem.code === "validation_failed" ? (
      <Card>
        <EmptyState
          title={t("readiness.unknownMarketTitle")}
          action={<Button onClick={() => choose([])}>{t("readiness.clearMarkets")}</Button>}
        >
          {t("readiness.unknownMarket")}
        </EmptyState>
      </Card>
    ) : (
      <FailedLoad title={t("readiness.failed")} problem={problem} query={query} />
    );
  }
  if (!query.data) {
    return <Skeleton height="24rem" />;
  }
  if (query.data.ways.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={<Split />}
          title={t("readiness.noWayTitle")}
          action={
            <Link to="/w/$workspace/providers" params={{ workspace: workspace.id }} className={buttonClass()}>
              {t("limits.connect")}
            </Link>
          }
        >
          {t("readiness.noWay")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <div className="relative grid gap-4">
      <RefetchBar active={query.isFetching} />
      {/* biome-ignore lint/a11y/useSemanticElements: the shortcut for filters looks for the role. */}
      <div role="search" aria-label={t("readiness.filters")} className="flex flex-wrap items-start gap-3">
        <div className="w-56 max-w-full">
          <SelectField
            label={t("readiness.show")}
            value={show ?? ""}
            onChange={({ currentTarget: { value } }) =>
              navigate({
                search: (old) => ({ ...old, show: shows.find((each) => each === value) }),
                replace: true,
                resetScroll: false,
              })
            }
            options={[
              { value: "", label: t("readiness.all") },
              { value: "ready", label: t("readiness.ready") },
              { value: "not_ready", label: t("readiness.notReady") },
            ]}
          />
        </div>
        <MarketChoice markets={query.data.markets} chosen={markets} onChoose={choose} />
      </div>
      {query.data.ways.map((way) => (
        <WayCard
          // Another choice begins at its top.
          key={`${way.from_channel_id} ${show ?? ""}`}
          way={way}
          from={channels.data?.find(({ id }) => id === way.from_channel_id)}
          to={channels.data?.find(({ id }) => id === way.to_channel_id)}
          markets={markets}
          show={show}
          onShowAll={() => navigate({ search: (old) => ({ ...old, show: undefined }), replace: true })}
        />
      ))}
    </div>
  );
}
