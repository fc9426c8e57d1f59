import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { AlertView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { Badge } from "../../ui/badge";
import { Card } from "../../ui/card";
import { EmptyState, RefetchBar, Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import { AlertEndpoint } from "./alert-endpoint";
import { alertsQuery } from "./queries";

/** What was and is the matter, and where it is told. */
export function AlertsSection() {
  const { t } = useTranslation("alerts");
  const workspace = useWorkspace();
  const may = workspace.can("channels:read");
  const alerts = useQuery({ ...alertsQuery(workspace.id), enabled: may });
  if (!may) {
    return null;
  }
  return (
    <Card id="alerts" title={t("title")} description={t("lead")}>
      <RefetchBar active={alerts.isFetching && alerts.data !== undefined} />
      <div className="grid gap-5">
        {alerts.data ? (
          alerts.data.length === 0 ? (
            <EmptyState title={t("noneTitle")}>{t("none")}</EmptyState>
          ) : (
            <ul aria-label={t("title")} className="grid divide-y divide-line rounded-md border border-line">
              {alerts.data.map((alert) => (
                <AlertRow key={alert.id} alert={alert} />
              ))}
            </ul>
          )
        ) : alerts.error ? (
          <FailedLoad title={t("failed")} problem={asProblem(alerts.error)} query={alerts} />
        ) : (
          <Skeleton lines={3} />
        )}
        <AlertEndpoint />
      </div>
    </Card>
  );
}

function AlertRow({ alert }: { alert: AlertView }) {
  const { t } = useTranslation("alerts");
  const workspace = useWorkspace();
  const open = alert.state === "open";
  return (
    <li className="grid gap-1 px-3 py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={open ? (alert.severity === "critical" ? "bad" : "warn") : "neutral"}>
          {open ? t(`severity.${alert.severity}`) : t("cleared")}
        </Badge>
        <span className="font-medium">{t(`kind.${alert.kind}`)}</span>
        <span className="text-ink-soft">
          <Time value={alert.raised_at} look="short" />
          {alert.cleared_at ? (
            <>
              {" – "}
              <Time value={alert.cleared_at} look="short" />
            </>
          ) : null}
        </span>
      </p>
      <p lang="en" className="break-anywhere text-ink-soft">
        {alert.detail} {open ? alert.cure : null}
      </p>
      {alert.channel_id ? (
        <p>
          <Link
            to="/w/$workspace/channels/$channel"
            params={{ workspace: workspace.id, channel: alert.channel_id }}
            className="link inline-block py-0.5"
          >
            {t("toChannel")}
          </Link>
        </p>
      ) : null}
      {alert.delivery === "none" ? null : (
        <p className="text-ink-soft text-xs">
          {t(`delivery.${alert.delivery}`)}
          {alert.delivery_error ? `: ${alert.delivery_error}` : null}
        </p>
      )}
    </li>
  );
}
