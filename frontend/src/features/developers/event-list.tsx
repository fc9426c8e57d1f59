import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Activity, ArrowUp, FilterX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveEvents } from "../../api/live";
import { asProblem } from "../../api/problem";
import type { EventKind } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { formatNumber } from "../../lib/format";
import { Button, buttonClass } from "../../ui/button";
import { Card } from "../../ui/card";
import { SelectField, Switch } from "../../ui/field";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../ui/state";
import { EventDrawer } from "./event-drawer";
import { type EventLog, shownOf } from "./event-log";
import { EventTable } from "./event-table";
import { addLiveEvent, eventsQuery, useOlderEvents } from "./queries";
import { eventKinds } from "./search";
import { useHold } from "./use-hold";

export function EventList() {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  const { type, entry: named } = useSearch({ from: "/w/$workspace/event-log" });
  const entry = named === undefined ? undefined : String(named);
  const navigate = useNavigate({ from: "/w/$workspace/event-log" });
  const [paused, setPaused] = useState(false);
  const client = useQueryClient();
  const query = useQuery(eventsQuery(workspace.id, type));
  useLiveEvents((event) => addLiveEvent(client, workspace.id, type, event));

  function choose(next: string) {
    void navigate({ search: (old) => ({ ...old, type: eventKinds.find((kind) => kind === next), entry: undefined }) });
  }
  const open = (place: number | undefined) => navigate({ search: (old) => ({ ...old, entry: place }) });

  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="w-64 max-w-full">
          <SelectField
            label={t("events.type")}
            value={type ?? ""}
            onChange={(event) => choose(event.currentTarget.value)}
            options={[
              { value: "", label: t("events.allTypes") },
              ...eventKinds.map((kind) => ({ value: kind, label: kind })),
            ]}
          />
        </div>
        <div className="flex min-h-8 items-center">
          <Switch label={t("events.pause")} checked={paused} onCheckedChange={setPaused} />
        </div>
      </div>
      {query.data ? (
        // Another filter is another list: it begins at its top.
        <Entries
          key={type}
          log={query.data}
          type={type}
          paused={paused}
          entry={entry}
          refetching={query.isRefetching}
          onOpen={open}
          onClear={() => choose("")}
        />
      ) : query.isError ? (
        <FailedLoad title={t("events.errorTitle")} problem={asProblem(query.error)} query={query} />
      ) : (
        <Card>
          <Skeleton height="24rem" />
        </Card>
      )}
      <EventDrawer entry={entry} known={query.data?.entries} onClose={() => open(undefined)} />
    </>
  );
}

interface EntriesProps {
  log: EventLog;
  type: EventKind | undefined;
  paused: boolean;
  entry: string | undefined;
  refetching: boolean;
  onOpen: (place: number) => void;
  onClear: () => void;
}

function Entries({ log, type, paused, entry, refetching, onOpen, onClear }: EntriesProps) {
  const { t, i18n } = useTranslation("developers");
  const older = useOlderEvents(type);
  const hold = useHold();
  const standsStill = paused || hold.held || entry !== undefined;
  const [stoppedAt, setStoppedAt] = useState<number>();
  if (standsStill !== (stoppedAt !== undefined)) {
    setStoppedAt(standsStill ? log.upTo : undefined);
  }
  const { shown, fresh } = shownOf(log, stoppedAt);
  const loadOlder = () => {
    if (log.before !== undefined && !older.isPending) {
      older.mutate(log.before);
    }
  };

  function showFresh() {
    hold.toTop();
    setStoppedAt(standsStill ? log.upTo : undefined);
  }

  return (
    <div className="grid gap-2" {...hold.watch}>
      <div className="relative">
        <Card flush={shown.length > 0}>
          <RefetchBar active={refetching} />
          {shown.length > 0 ? (
            <EventTable
              rows={shown}
              selected={entry}
              onOpen={({ seq }) => onOpen(seq)}
              more={log.before !== undefined}
              onEndReached={older.isError ? undefined : loadOlder}
              loadingMore={older.isPending}
            />
          ) : (
            <Nothing
              type={type}
              mayBeOlder={log.before !== undefined}
              looking={older.isPending}
              onLook={loadOlder}
              onClear={onClear}
            />
          )}
        </Card>
        {fresh > 0 ? (
          <div className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center">
            <div className="pointer-events-auto rounded-md bg-raised shadow-overlay">
              <Button size="small" look="primary" icon={<ArrowUp />} onClick={showFresh}>
                {t("events.fresh", { count: fresh })}
              </Button>
            </div>
          </div>
        ) : null}
      </div>
      {shown.length > 0 ? (
        <LoadMore
          hasMore={log.before !== undefined}
          loading={older.isPending}
          failed={older.isError}
          onLoad={loadOlder}
          shown={shown.length}
        />
      ) : null}
      {/* How many there are is said when paging, not at every event. */}
      <span className="sr-only" role="status">
        {older.isSuccess ? t("events.loaded", { shown: formatNumber(shown.length, i18n.language) }) : null}
      </span>
    </div>
  );
}

interface NothingProps {
  type: EventKind | undefined;
  mayBeOlder: boolean;
  looking: boolean;
  onLook: () => void;
  onClear: () => void;
}

function Nothing({ type, mayBeOlder, looking, onLook, onClear }: NothingProps) {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  if (type === undefined) {
    return (
      <EmptyState
        icon={<Activity />}
        title={t("events.emptyTitle")}
        action={
          workspace.can("messages:write") ? (
            <Link
              to="/w/$workspace/compose"
              params={{ workspace: workspace.id }}
              className={buttonClass({ look: "primary" })}
            >
              {t("events.emptyAction")}
            </Link>
          ) : undefined
        }
      >
        {t("events.empty")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<FilterX />}
      title={t("events.noneTitle")}
      action={
        <>
          <Button onClick={onClear}>{t("log.clear")}</Button>
          {mayBeOlder ? (
            <Button onClick={onLook} busy={looking}>
              {t("events.further")}
            </Button>
          ) : null}
        </>
      }
    >
      {t(mayBeOlder ? "events.noneYet" : "events.none", { type })}
    </EmptyState>
  );
}
