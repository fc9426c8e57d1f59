import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useWorkspace } from "../../../api/workspace";
import { formatNumber } from "../../../lib/format";
import { Time } from "../../../ui/time";
import type { LiveColumn } from "../comparison";
import { HealthBadge } from "./health";
import { Sender } from "./sender";

export interface LiveRow {
  key: string;
  label: string;
  value: (column: LiveColumn) => ReactNode;
}

/** What this workspace's own channels are like, in the same columns as what holds in general. */
export function liveRows(t: TFunction<"providers">): LiveRow[] {
  return [
    { key: "channel", label: t("live.channel"), value: (column) => <ChannelLink column={column} /> },
    { key: "state", label: t("live.state"), value: ({ channel }) => <HealthBadge channel={channel} /> },
    { key: "test", label: t("live.test"), value: ({ channel }) => <Moment value={channel.check?.checked_at} /> },
    { key: "rate", label: t("live.rate"), value: (column) => <Rate column={column} /> },
    { key: "webhook", label: t("live.webhook"), value: ({ channel }) => <Moment value={channel.last_webhook_at} /> },
  ];
}

function ChannelLink({ column: { channel, others } }: { column: LiveColumn }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  return (
    <>
      <Link
        to="/w/$workspace/channels/$channel"
        params={{ workspace: workspace.id, channel: channel.id }}
        className="link font-medium"
      >
        {channel.name}
      </Link>
      <p className="text-ink-soft">
        <Sender channel={channel} />
      </p>
      {others > 0 ? (
        <p className="text-xs">
          <Link to="/w/$workspace/channels" params={{ workspace: workspace.id }} className="link inline-block py-0.5">
            {t("live.others", { count: others })}
          </Link>
        </p>
      ) : null}
    </>
  );
}

function Moment({ value }: { value: string | null | undefined }) {
  const { t } = useTranslation("providers");
  return value ? <Time value={value} look="relative" /> : <span className="text-ink-soft">{t("live.never")}</span>;
}

function Rate({ column: { rate } }: { column: LiveColumn }) {
  const { t, i18n } = useTranslation("providers");
  return (
    <>
      {formatNumber(rate.value, i18n.language)}
      <p className="text-ink-soft text-xs">{rate.own ? t("live.rateOwn") : t("live.rateDefault")}</p>
    </>
  );
}
