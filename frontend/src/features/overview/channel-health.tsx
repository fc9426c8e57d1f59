import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CirclePause } from "lucide-react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import type { ChannelView, CheckReport } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { PhoneNumber } from "../../domain/number";
import { ProviderMark } from "../../domain/provider";
import { Badge } from "../../ui/badge";
import { Card } from "../../ui/card";
import { RefetchBar, Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import { CheckAgain } from "./check-again";
import { LoadError } from "./load-error";

/** Each channel: whether it sends, since when, and what is known of its connection. */
export function ChannelHealth() {
  const { t } = useTranslation("overview");
  const { id } = useWorkspace();
  const channels = useQuery(channelsQuery(id));
  return (
    <Card title={t("channels.title")}>
      <RefetchBar active={channels.isRefetching} />
      {channels.isPending ? (
        <Skeleton height="13rem" />
      ) : channels.isError && !channels.data ? (
        <LoadError query={channels} />
      ) : channels.data?.length === 0 ? (
        <p className="text-ink-soft text-sm">
          {t("channels.none")}{" "}
          <Link to="/w/$workspace/providers" params={{ workspace: id }} className="link">
            {t("channels.connect")}
          </Link>
        </p>
      ) : (
        <ul className="grid gap-4">
          {channels.data?.map((channel) => (
            <ChannelRow key={channel.id} channel={channel} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ChannelRow({ channel }: { channel: ChannelView }) {
  const { t } = useTranslation(["overview", "domain"]);
  const { id } = useWorkspace();
  const { held } = channel;
  return (
    <li className="grid gap-1 border-line border-t pt-4 text-sm first:border-t-0 first:pt-0">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <Link
          to="/w/$workspace/channels/$channel"
          params={{ workspace: id, channel: channel.id }}
          className="link break-anywhere font-medium"
        >
          {channel.name}
        </Link>
        {channel.state === "active" ? (
          <Badge icon={<CircleCheck />}>{t("channels.active")}</Badge>
        ) : (
          <Badge tone="warn" icon={<CirclePause />}>
            {t("channels.held")}
          </Badge>
        )}
      </div>
      <p className="flex flex-wrap gap-x-3 text-ink-soft">
        <ProviderMark provider={channel.provider} />
        <Sender channel={channel} />
      </p>
      <p className="text-ink-soft">
        {held ? t("channels.heldSince") : t("channels.since")}{" "}
        <Time value={held?.since ?? channel.created_at} look="relative" />
      </p>
      <p className="text-ink-soft">
        {t("channels.lastWebhook")}{" "}
        {channel.last_webhook_at ? <Time value={channel.last_webhook_at} look="relative" /> : t("channels.never")}
      </p>
      {held?.failure ? <p>{t(`domain:failure.${held.failure.code}.title`)}</p> : null}
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <Checked report={channel.check ?? undefined} />
        <CheckAgain channel={channel.id} />
      </div>
    </li>
  );
}

function Sender({ channel }: { channel: ChannelView }) {
  const { t } = useTranslation("overview");
  return channel.provider === "twilio" ? (
    <PhoneNumber value={channel.sender_number} />
  ) : (
    <span>{t("channels.phoneId", { id: channel.whatsapp_business_phone_id })}</span>
  );
}

function Checked({ report }: { report: CheckReport | undefined }) {
  const { t } = useTranslation("overview");
  if (!report) {
    return <p className="text-ink-soft">{t("channels.unchecked")}</p>;
  }
  const wrong =
    report.checks.find(({ result }) => result === "fail") ?? report.checks.find(({ result }) => result === "warn");
  if (!wrong) {
    return (
      <p className="text-ink-soft">
        {t("channels.allPassed")} {report.checked_at ? <Time value={report.checked_at} look="relative" /> : null}
      </p>
    );
  }
  return (
    <p className={wrong.result === "fail" ? "text-bad" : "text-warn"}>
      <span lang="en">
        {wrong.finding} {wrong.cure}
      </span>
    </p>
  );
}
