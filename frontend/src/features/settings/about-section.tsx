import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { apiAddress } from "../../api/address";
import { asProblem } from "../../api/problem";
import type { InstallationView, RetentionView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { useProblemText } from "../../domain/problem-text";
import { Card } from "../../ui/card";
import { Facts } from "../../ui/facts";
import { Notice } from "../../ui/notice";
import { PlainTable } from "../../ui/plain-table";
import { ErrorState, RefetchBar, Skeleton } from "../../ui/state";
import { installationQuery } from "./queries";

export function AboutSection() {
  const { t } = useTranslation("settings");
  const problemText = useProblemText();
  const query = useQuery(installationQuery);
  const problem = query.error ? asProblem(query.error) : undefined;
  return (
    <Card id="about" title={t("about.title")}>
      <RefetchBar active={query.isRefetching} />
      {query.data ? (
        <Installation installation={query.data} />
      ) : problem ? (
        <ErrorState
          title={t("about.errorTitle")}
          detail={problemText(problem)}
          code={problem.code}
          requestId={problem.requestId}
          onRetry={() => query.refetch()}
          retrying={query.isFetching}
        />
      ) : (
        <Skeleton height="20rem" />
      )}
    </Card>
  );
}

function Installation({ installation }: { installation: InstallationView }) {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const { version, public_url, database, sandbox, sending_held, retention } = installation;
  return (
    <div className="grid gap-5">
      {sending_held ? (
        <Notice tone="warn" title={t("about.heldTitle")}>
          {t("about.held")}
        </Notice>
      ) : null}
      <Facts
        items={[
          { label: t("about.version"), value: version },
          {
            label: t("about.docs"),
            value: (
              <a
                href={`${apiAddress}/docs/`}
                target="_blank"
                rel="noreferrer"
                className="link inline-flex items-center gap-1"
              >
                {t("about.docsLink")}
                <ExternalLink aria-hidden className="size-3.5" />
              </a>
            ),
          },
          {
            label: t("about.url"),
            value: (
              <span className="grid">
                <code className="font-mono text-xs">{public_url}</code>
                <span className="text-ink-soft text-xs">
                  {t("about.urlHelp")} <code className="font-mono">DUPLEX_PUBLIC_URL</code>
                </span>
              </span>
            ),
          },
          {
            label: t("about.database"),
            value: (
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                {t(`about.databaseName.${database}`)}
                <Link to="/w/$workspace/guides/scaling" params={{ workspace: workspace.id }} className="link">
                  {t("about.scaling")}
                </Link>
              </span>
            ),
          },
          { label: t("about.sandbox"), value: t(sandbox ? "about.sandboxOn" : "about.sandboxOff") },
          { label: t("about.sending"), value: t(sending_held ? "about.heldTitle" : "about.sendingOn") },
        ]}
      />
      <Retention retention={retention} />
    </div>
  );
}

const kinds = [
  { name: "webhooks", field: "webhooks_days", variable: "DUPLEX_RETENTION_WEBHOOKS" },
  { name: "messages", field: "messages_days", variable: "DUPLEX_RETENTION_MESSAGES" },
  { name: "events", field: "events_days", variable: "DUPLEX_RETENTION_EVENTS" },
] as const;

function Retention({ retention }: { retention: RetentionView }) {
  const { t } = useTranslation("settings");
  return (
    <div className="grid gap-2">
      <h3 className="font-semibold text-sm">{t("about.retention")}</h3>
      <div className="overflow-hidden rounded-md border border-line">
        <PlainTable
          caption={t("about.retentionTable")}
          columns={[
            {
              key: "kind",
              header: t("about.kind"),
              cell: ({ name, variable }) => (
                <span className="grid">
                  {t(`about.${name}`)}
                  <code className="font-mono text-ink-soft text-xs">{variable}</code>
                </span>
              ),
            },
            {
              key: "kept",
              header: t("about.kept"),
              cell: ({ field }) => {
                const days = retention[field];
                return days === null ? t("about.forever") : t("about.days", { count: days });
              },
            },
          ]}
          rows={kinds}
          rowKey={({ name }) => name}
        />
      </div>
      <p className="max-w-prose text-ink-soft text-xs">{t("about.how")}</p>
    </div>
  );
}
