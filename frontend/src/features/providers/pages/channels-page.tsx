import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, RadioTower } from "lucide-react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../../api/channels";
import { asProblem } from "../../../api/problem";
import type { ChannelView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Badge } from "../../../ui/badge";
import { buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { handsFocusOver } from "../../../ui/focus";
import { Notice } from "../../../ui/notice";
import { Page } from "../../../ui/page";
import { EmptyState, RefetchBar, Skeleton } from "../../../ui/state";
import { ChannelActions } from "../parts/channel-actions";
import { ChannelFacts, HeldNote, Troubles } from "../parts/channel-facts";
import { HealthBadge } from "../parts/health";
import { LoadProblem } from "../parts/load-problem";

/** All senders of the workspace, and how they fare. */
export function ChannelsPage() {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const mayWrite = workspace.can("channels:write");
  const channels = useQuery(channelsQuery(workspace.id));
  const connect = (look: "primary" | "plain") => (
    <Link to="/w/$workspace/providers" params={{ workspace: workspace.id }} className={buttonClass({ look })}>
      <Plus aria-hidden />
      {t("channels.connect")}
    </Link>
  );
  return (
    <Page
      title={t("channels.title")}
      description={t("channels.lead")}
      actions={mayWrite && channels.data && channels.data.length > 0 ? connect("plain") : undefined}
    >
      {mayWrite ? null : <Notice>{t("channels.readOnly")}</Notice>}
      {channels.data ? (
        <div className="relative grid gap-4">
          <RefetchBar active={channels.isFetching} />
          {channels.data.length === 0 ? (
            <Card>
              <EmptyState
                icon={<RadioTower />}
                title={t("channels.emptyTitle")}
                action={mayWrite ? connect("primary") : undefined}
              >
                {t("channels.empty")}
              </EmptyState>
            </Card>
          ) : (
            channels.data.map((channel) => <ChannelCard key={channel.id} channel={channel} />)
          )}
        </div>
      ) : channels.error ? (
        <LoadProblem
          problem={asProblem(channels.error)}
          onRetry={() => channels.refetch()}
          retrying={channels.isFetching}
        />
      ) : (
        <div className="grid gap-4">
          <Skeleton height="15rem" />
          <Skeleton height="15rem" />
        </div>
      )}
    </Page>
  );
}

function ChannelCard({ channel }: { channel: ChannelView }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  return (
    <Card
      title={
        <Link
          to="/w/$workspace/channels/$channel"
          params={{ workspace: workspace.id, channel: channel.id }}
          className="reach rounded-sm hover:underline hover:underline-offset-3"
        >
          {channel.name}
        </Link>
      }
      actions={
        <>
          {channel.is_default ? <Badge>{t("channel.default")}</Badge> : null}
          <HealthBadge channel={channel} />
        </>
      }
    >
      <div ref={handsFocusOver} className="grid gap-4">
        {channel.held ? <HeldNote held={channel.held} /> : null}
        <ChannelFacts channel={channel} />
        <Troubles channel={channel} />
        <ChannelActions channel={channel} inList />
      </div>
    </Card>
  );
}
