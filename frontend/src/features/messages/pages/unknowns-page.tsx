import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheckBig, Lock, SearchX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../../api/channels";
import { asProblem } from "../../../api/problem";
import type { UnknownDecision, UnknownView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Checkbox, SelectField } from "../../../ui/field";
import { Page } from "../../../ui/page";
import { RetryNotice } from "../../../ui/retry-notice";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../../ui/state";
import { DecideDialog } from "../unknowns/decide-dialog";
import { unknownsQuery } from "../unknowns/queries";
import type { UnknownsSearch } from "../unknowns/search";
import { UnknownCard } from "../unknowns/unknown-card";

const from = "/w/$workspace/unknowns";

/** The tray of messages of which nobody knows whether they were sent. */
export function UnknownsPage() {
  const { t } = useTranslation("messages");
  const workspace = useWorkspace();
  return (
    <Page title={t("unknowns.title")} description={t("unknowns.lead")}>
      {workspace.can("messages:read") ? (
        <Tray />
      ) : (
        <Card>
          <EmptyState icon={<Lock />} title={t("hidden.title")}>
            {t("hidden.why")}
          </EmptyState>
        </Card>
      )}
    </Page>
  );
}

function Tray() {
  const { t } = useTranslation("messages");
  const { id: workspace } = useWorkspace();
  const search = useSearch({ from });
  const navigate = useNavigate({ from });
  const query = useInfiniteQuery(unknownsQuery(workspace, search));
  const change = (to: Partial<UnknownsSearch>) =>
    void navigate({ search: (old) => ({ ...old, ...to }), replace: true, resetScroll: false });
  const clear = () => change({ channel: undefined, looking: undefined });
  const filtered = search.channel !== undefined || search.looking !== undefined;

  if (query.isPending) {
    return <Skeleton height="24rem" />;
  }
  if (!query.data) {
    return <FailedLoad title={t("unknowns.failed")} problem={asProblem(query.error)} query={query} />;
  }
  const rows = query.data.pages.flatMap(({ data }) => data);
  return (
    <>
      {rows.length > 0 || filtered ? <Filters search={search} onChange={change} /> : null}
      {query.isError ? <RetryNotice title={t("unknowns.stale")} query={query} /> : null}
      <div className="relative grid gap-4">
        <RefetchBar active={query.isRefetching} />
        {rows.length > 0 ? (
          <Rows rows={rows} />
        ) : (
          <Card>
            {filtered ? (
              <EmptyState
                icon={<SearchX />}
                title={t("unknowns.noMatch.title")}
                action={<Button onClick={clear}>{t("filter.clear")}</Button>}
              >
                {t("unknowns.noMatch.why")}
              </EmptyState>
            ) : (
              <EmptyState icon={<CircleCheckBig />} title={t("unknowns.empty.title")}>
                {t("unknowns.empty.why")}
              </EmptyState>
            )}
          </Card>
        )}
      </div>
      {rows.length > 0 ? (
        <LoadMore
          hasMore={query.hasNextPage}
          loading={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          onLoad={() => void query.fetchNextPage()}
          shown={rows.length}
          total={query.data.pages.at(-1)?.total}
        />
      ) : null}
    </>
  );
}

function Filters({ search, onChange }: { search: UnknownsSearch; onChange: (to: Partial<UnknownsSearch>) => void }) {
  const { t } = useTranslation("messages");
  const { id: workspace } = useWorkspace();
  const channels = useQuery(channelsQuery(workspace)).data ?? [];
  const looking = ["still", "over"] as const;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the shortcut for the filters and older screen readers look for the role.
    <form
      role="search"
      aria-label={t("filter.label")}
      onSubmit={(event) => event.preventDefault()}
      className="grid gap-3 sm:grid-cols-[repeat(2,minmax(0,16rem))]"
    >
      <SelectField
        label={t("unknowns.looking")}
        value={search.looking ?? ""}
        onChange={({ currentTarget: { value } }) => onChange({ looking: looking.find((word) => word === value) })}
        options={[
          { value: "", label: t("filter.all") },
          ...looking.map((word) => ({ value: word, label: t(`unknowns.state.${word}`) })),
        ]}
      />
      <SelectField
        label={t("filter.channel")}
        value={search.channel ?? ""}
        onChange={(event) => onChange({ channel: event.currentTarget.value || undefined })}
        options={[
          { value: "", label: t("filter.all") },
          ...channels.map(({ id, name }) => ({ value: id, label: name })),
          ...(search.channel && !channels.some(({ id }) => id === search.channel)
            ? [{ value: search.channel, label: t("removedChannel") }]
            : []),
        ]}
      />
    </form>
  );
}

function Rows({ rows }: { rows: readonly UnknownView[] }) {
  const { t } = useTranslation("messages");
  const workspace = useWorkspace();
  const channels = useQuery(channelsQuery(workspace.id)).data ?? [];
  const [marked, setMarked] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState<{ ids: readonly string[]; initial?: UnknownDecision }>();
  // What something else has settled meanwhile is not decided about.
  const chosen = rows.map(({ message }) => message.id).filter((id) => marked.includes(id));
  const all = chosen.length === rows.length;
  return (
    <>
      {workspace.can("messages:write") ? (
        <div className="sticky top-0 z-10 flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg border border-line bg-panel px-4 py-2">
          <Checkbox
            label={t("unknowns.chooseAll")}
            checked={all}
            onCheckedChange={(on) => setMarked(on ? rows.map(({ message }) => message.id) : [])}
          />
          <span className="flex flex-wrap items-center gap-3">
            <span role="status" className="text-ink-soft text-sm">
              {chosen.length > 0 ? t("unknowns.chosen", { count: chosen.length }) : null}
            </span>
            <Button disabled={chosen.length === 0} onClick={() => setAsked({ ids: chosen })}>
              {t("unknowns.decideChosen")}
            </Button>
          </span>
        </div>
      ) : null}
      <ul aria-label={t("unknowns.title")} className="grid gap-4">
        {rows.map((unknown) => {
          const { id } = unknown.message;
          return (
            <UnknownCard
              key={id}
              unknown={unknown}
              channels={channels}
              chosen={chosen.includes(id)}
              onChoose={(on) => setMarked(on ? [...chosen, id] : chosen.filter((other) => other !== id))}
              onDecide={(initial) => setAsked({ ids: [id], initial })}
            />
          );
        })}
      </ul>
      {asked ? <DecideDialog ids={asked.ids} initial={asked.initial} onClose={() => setAsked(undefined)} /> : null}
    </>
  );
}
