import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { FileText, Lock, Plus, SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { templatesQuery } from "../../../api/templates";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Button, buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Page } from "../../../ui/page";
import { RetryNotice } from "../../../ui/retry-notice";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../../ui/state";
import { Filters, isFiltered } from "../filters";
import type { TemplatesSearch } from "../search";
import { starters } from "../starters";
import { SyncCard } from "../sync-card";
import { TemplateTable } from "../template-table";

const from = "/w/$workspace/templates";

export function TemplatesPage() {
  const { t } = useTranslation("templates");
  const workspace = useWorkspace();
  return (
    <Page
      title={t("title")}
      description={t("lead")}
      width="wide"
      actions={
        workspace.can("templates:write") ? (
          <Link
            to="/w/$workspace/templates/new"
            params={{ workspace: workspace.id }}
            className={buttonClass({ look: "primary" })}
          >
            <Plus aria-hidden />
            {t("new")}
          </Link>
        ) : undefined
      }
    >
      {workspace.can("templates:read") ? (
        <>
          <Templates />
          <SyncCard />
        </>
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

function Templates() {
  const { t } = useTranslation("templates");
  const { id: workspace } = useWorkspace();
  const search = useSearch({ from });
  const navigate = useNavigate({ from });
  const query = useInfiniteQuery(templatesQuery(workspace, search));
  const change = (to: Partial<TemplatesSearch>) =>
    void navigate({ search: (old) => ({ ...old, ...to }), replace: true, resetScroll: false });
  const clear = () => change({ text: undefined, status: undefined, category: undefined });

  const filters = <Filters search={search} onChange={change} onClear={clear} />;
  if (query.isPending) {
    return (
      <>
        {filters}
        <Skeleton height="16rem" />
      </>
    );
  }
  if (!query.data) {
    return (
      <>
        {filters}
        <FailedLoad title={t("failed")} problem={asProblem(query.error)} query={query} />
      </>
    );
  }
  const all = query.data.pages.flatMap(({ data }) => data);
  const text = search.text?.toLowerCase() ?? "";
  const rows = all.filter(({ name, language }) => `${name} ${language}`.toLowerCase().includes(text));
  return (
    <>
      {all.length > 0 || isFiltered(search) ? filters : null}
      {query.isError ? <RetryNotice title={t("stale")} query={query} /> : null}
      <Card flush={rows.length > 0}>
        <RefetchBar active={query.isRefetching} />
        {rows.length > 0 ? (
          <TemplateTable rows={rows} />
        ) : isFiltered(search) ? (
          <EmptyState
            icon={<SearchX />}
            title={t("noMatch.title")}
            action={<Button onClick={clear}>{t("filter.clear")}</Button>}
          >
            {t("noMatch.why")}
          </EmptyState>
        ) : (
          <NoTemplates />
        )}
      </Card>
      {query.hasNextPage ? (
        <LoadMore
          hasMore
          loading={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          onLoad={() => query.fetchNextPage()}
          shown={rows.length}
        />
      ) : null}
    </>
  );
}

/** What templates are for, and some to begin with. */
function NoTemplates() {
  const { t } = useTranslation("templates");
  const workspace = useWorkspace();
  return (
    <EmptyState
      icon={<FileText />}
      title={t("empty.title")}
      action={
        workspace.can("templates:write")
          ? starters.map(({ name }) => (
              <Link
                key={name}
                to="/w/$workspace/templates/new"
                params={{ workspace: workspace.id }}
                search={{ starter: name }}
                className={buttonClass()}
              >
                {t(`starter.${name}`)}
              </Link>
            ))
          : undefined
      }
    >
      {t("empty.why")}
    </EmptyState>
  );
}
