import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RadioTower } from "lucide-react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import { asProblem } from "../../api/problem";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { buttonClass } from "../../ui/button";
import { Card } from "../../ui/card";
import { EmptyState, RefetchBar, Skeleton } from "../../ui/state";
import { ChannelLimitsCard } from "./channel-limits-card";
import { NotYours } from "./not-yours";
import { limitsQuery } from "./queries";
import { Transitions } from "./transitions";

/** How fast each channel may send now, and why. */
export function LimitsTab() {
  const workspace = useWorkspace();
  return (
    <>
      {workspace.can("channels:read") ? <Limits /> : <NotYours />}
      {workspace.can("events:read") ? <Transitions /> : null}
    </>
  );
}

function Limits() {
  const { t } = useTranslation("delivery");
  const workspace = useWorkspace();
  const limits = useQuery(limitsQuery(workspace.id));
  const channels = useQuery(channelsQuery(workspace.id));
  if (!limits.data) {
    return limits.error ? (
      <FailedLoad title={t("limits.failed")} problem={asProblem(limits.error)} query={limits} />
    ) : (
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton height="16rem" />
        <Skeleton height="16rem" />
      </div>
    );
  }
  if (limits.data.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={<RadioTower />}
          title={t("limits.emptyTitle")}
          action={
            <Link to="/w/$workspace/providers" params={{ workspace: workspace.id }} className={buttonClass()}>
              {t("limits.connect")}
            </Link>
          }
        >
          {t("limits.empty")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <div className="relative grid items-start gap-4 lg:grid-cols-2">
      <RefetchBar active={limits.isRefetching} />
      {limits.data.map((one) => (
        <ChannelLimitsCard
          key={one.channel_id}
          limits={one}
          channel={channels.data?.find(({ id }) => id === one.channel_id)}
        />
      ))}
    </div>
  );
}
