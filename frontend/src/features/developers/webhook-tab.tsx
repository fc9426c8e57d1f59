import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { FilterX, Webhook } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { JournalState } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { Button, buttonClass } from "../../ui/button";
import { Card } from "../../ui/card";
import { SelectField } from "../../ui/field";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../ui/state";
import { useOlderWebhooks, webhooksQuery } from "./queries";
import { journalStates } from "./search";
import { WebhookDrawer } from "./webhook-drawer";
import type { WebhookList } from "./webhook-list";
import { WebhookTable } from "./webhook-table";

/** What the providers sent, as it came. */
export function WebhookTab() {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  const { state, entry: named } = useSearch({ from: "/w/$workspace/event-log" });
  const entry = named === undefined ? undefined : String(named);
  const navigate = useNavigate({ from: "/w/$workspace/event-log" });
  const query = useQuery(webhooksQuery(workspace.id, state));

  function choose(next: string) {
    void navigate({
      search: (old) => ({ ...old, state: journalStates.find((each) => each === next), entry: undefined }),
    });
  }
  const open = (id: string | undefined) => navigate({ search: (old) => ({ ...old, entry: id }) });

  return (
    <>
      <div className="w-64 max-w-full">
        <SelectField
          label={t("webhooks.state")}
          value={state ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
          options={[
            { value: "", label: t("webhooks.allStates") },
            ...journalStates.map((each) => ({ value: each, label: t(`webhooks.stateName.${each}`) })),
          ]}
        />
      </div>
      {query.data ? (
        <Webhooks
          key={state}
          list={query.data}
          state={state}
          entry={entry}
          refetching={query.isRefetching}
          onOpen={open}
          onClear={() => choose("")}
        />
      ) : query.isError ? (
        <FailedLoad title={t("webhooks.errorTitle")} problem={asProblem(query.error)} query={query} />
      ) : (
        <Card>
          <Skeleton height="24rem" />
        </Card>
      )}
      <WebhookDrawer entry={entry} onClose={() => open(undefined)} />
    </>
  );
}

interface WebhooksProps {
  list: WebhookList;
  state: JournalState | undefined;
  entry: string | undefined;
  refetching: boolean;
  onOpen: (id: string) => void;
  onClear: () => void;
}

function Webhooks({ list, state, entry, refetching, onOpen, onClear }: WebhooksProps) {
  const older = useOlderWebhooks(state);
  const loadOlder = () => {
    if (list.cursor !== undefined && !older.isPending) {
      older.mutate(list.cursor);
    }
  };
  return (
    <div className="grid gap-2">
      <Card flush={list.rows.length > 0}>
        <RefetchBar active={refetching} />
        {list.rows.length > 0 ? (
          <WebhookTable
            rows={list.rows}
            selected={entry}
            onOpen={({ id }) => onOpen(id)}
            onEndReached={older.isError ? undefined : loadOlder}
            loadingMore={older.isPending}
          />
        ) : (
          <Nothing state={state} onClear={onClear} />
        )}
      </Card>
      {list.rows.length > 0 || list.cursor !== undefined ? (
        <LoadMore
          hasMore={list.cursor !== undefined}
          loading={older.isPending}
          failed={older.isError}
          onLoad={loadOlder}
          shown={list.rows.length}
        />
      ) : null}
    </div>
  );
}

function Nothing({ state, onClear }: { state: JournalState | undefined; onClear: () => void }) {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  if (state) {
    return (
      <EmptyState
        icon={<FilterX />}
        title={t("webhooks.noneTitle")}
        action={<Button onClick={onClear}>{t("log.clear")}</Button>}
      >
        {t(`webhooks.none.${state}`)}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Webhook />}
      title={t("webhooks.emptyTitle")}
      action={
        <Link to="/w/$workspace/channels" params={{ workspace: workspace.id }} className={buttonClass()}>
          {t("webhooks.emptyAction")}
        </Link>
      }
    >
      {t("webhooks.empty")} {workspace.environment === "live" ? t("webhooks.emptyLive") : null}
    </EmptyState>
  );
}
