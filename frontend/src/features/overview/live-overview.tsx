import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plug } from "lucide-react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import { useWorkspace } from "../../api/workspace";
import { buttonClass } from "../../ui/button";
import { Card } from "../../ui/card";
import { EmptyState } from "../../ui/state";
import { ChannelHealth } from "./channel-health";
import { LatestFailures, LatestMessages } from "./latest-messages";

/** A live workspace's overview: is everything connected, what went through, what did not. */
export function LiveOverview() {
  const { t } = useTranslation("overview");
  const { id } = useWorkspace();
  const channels = useQuery(channelsQuery(id));
  if (channels.data?.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={<Plug />}
          title={t("live.noChannel")}
          action={
            <Link to="/w/$workspace/providers" params={{ workspace: id }} className={buttonClass({ look: "primary" })}>
              {t("live.connect")}
            </Link>
          }
        >
          {t("live.noChannelWhy")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <div className="@container">
      <div className="grid items-start gap-5 @2xl:grid-cols-2 @4xl:grid-cols-3">
        <ChannelHealth />
        <LatestMessages />
        <LatestFailures />
      </div>
    </div>
  );
}
