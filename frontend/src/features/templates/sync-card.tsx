import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { TemplateSyncView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { useProblemText } from "../../domain/problem-text";
import { ProviderMark } from "../../domain/provider";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { Notice } from "../../ui/notice";
import { Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import { syncsQuery, useSync } from "./queries";

/** How the comparison with each account stands, and a button for one at once. */
export function SyncCard() {
  const { t } = useTranslation("templates");
  const workspace = useWorkspace();
  const problemText = useProblemText();
  const syncs = useQuery(syncsQuery(workspace.id));
  const sync = useSync();
  return (
    <Card
      title={t("sync.title")}
      description={t("sync.lead")}
      actions={
        workspace.can("templates:write") ? (
          <Button size="small" icon={<RefreshCw />} busy={sync.isPending} onClick={() => sync.mutate()}>
            {t("sync.now")}
          </Button>
        ) : null
      }
    >
      <div className="grid gap-3">
        {sync.error ? (
          <Notice tone="bad" title={t("sync.failed")}>
            {problemText(asProblem(sync.error))}
          </Notice>
        ) : null}
        {syncs.data ? (
          syncs.data.length === 0 ? (
            <p className="text-ink-soft text-sm">{t("sync.none")}</p>
          ) : (
            <ul className="grid gap-3">
              {syncs.data.map((one) => (
                <Account key={`${one.provider} ${one.account}`} sync={one} />
              ))}
            </ul>
          )
        ) : syncs.isError ? (
          <FailedLoad title={t("sync.loadFailed")} problem={asProblem(syncs.error)} query={syncs} />
        ) : (
          <Skeleton lines={2} />
        )}
      </div>
    </Card>
  );
}

function Account({ sync }: { sync: TemplateSyncView }) {
  const { t } = useTranslation("templates");
  const { error, succeeded_at, attempted_at, unreadable } = sync;
  return (
    <li className="grid gap-1.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <ProviderMark provider={sync.provider} />
        <span className="break-anywhere font-mono text-ink-soft text-xs">{sync.account}</span>
        <span className="text-ink-soft">
          {succeeded_at ? (
            <>
              {t("sync.succeeded")} <Time value={succeeded_at} look="relative" />
              {" · "}
              {t("sync.found", { count: sync.counts.found ?? 0 })}
            </>
          ) : (
            t("sync.never")
          )}
        </span>
      </p>
      {error ? (
        <Notice tone="warn" title={t("sync.error")}>
          <p>{error.user_message ?? error.message}</p>
          {attempted_at ? (
            <p>
              {t("sync.attempted")} <Time value={attempted_at} look="relative" />
            </p>
          ) : null}
        </Notice>
      ) : null}
      {unreadable.length > 0 ? (
        <Notice title={t("sync.unreadable", { count: unreadable.length })}>
          <ul>
            {unreadable.map(({ name, why }) => (
              <li key={`${name} ${why}`}>
                <code className="font-mono text-xs">{name}</code>: {why}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </li>
  );
}
