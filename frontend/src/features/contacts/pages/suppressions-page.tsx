import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FilterX, UserX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { SuppressionView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Notice } from "../../../ui/notice";
import { Page } from "../../../ui/page";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../../ui/state";
import { ContactDrawer } from "../contact-drawer";
import { LiftDialog } from "../lift-dialog";
import { suppressionsQuery } from "../queries";
import type { SuppressionsSearch } from "../search";
import { SuppressDialog } from "../suppress-dialog";
import { SuppressionFilters } from "../suppression-filters";
import { SuppressionTable } from "../suppression-table";

/** Who wants no messages. */
export function SuppressionsPage() {
  const { t } = useTranslation("contacts");
  const workspace = useWorkspace();
  const search = useSearch({ from: "/w/$workspace/suppressions" });
  const navigate = useNavigate({ from: "/w/$workspace/suppressions" });
  const [adding, setAdding] = useState(false);
  const [lifting, setLifting] = useState<SuppressionView>();
  const [advice, setAdvice] = useState<{ person: string; text: string }>();
  const mayWrite = workspace.can("messages:write");
  const open = (contact: string | undefined) =>
    navigate({ search: (old) => ({ ...old, contact }), resetScroll: false });

  function choose(change: SuppressionsSearch) {
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  }

  return (
    <Page
      title={t("title")}
      description={t("lead")}
      width="wide"
      actions={
        mayWrite ? (
          <Button look="primary" onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        ) : undefined
      }
    >
      {advice ? (
        <Notice
          tone="warn"
          title={t("lift.stays", { person: advice.person })}
          action={
            <Button size="small" onClick={() => setAdvice(undefined)}>
              {t("lift.understood")}
            </Button>
          }
        >
          <span lang="en">{advice.text}</span>
        </Notice>
      ) : null}
      <SuppressionFilters search={search} onChoose={choose} />
      <List
        search={search}
        onOpen={(contact) => open(contact)}
        onLift={mayWrite ? setLifting : undefined}
        onClear={() => navigate({ search: {}, replace: true })}
      />
      {adding ? <SuppressDialog onClose={() => setAdding(false)} /> : null}
      {lifting ? (
        <LiftDialog
          suppression={lifting}
          onClose={() => setLifting(undefined)}
          onLifted={(text) => setAdvice(text ? { person: lifting.name ?? lifting.person, text } : undefined)}
        />
      ) : null}
      <ContactDrawer contact={search.contact} onClose={() => open(undefined)} />
    </Page>
  );
}

function List({
  search,
  onOpen,
  onLift,
  onClear,
}: {
  search: SuppressionsSearch;
  onOpen: (contact: string) => void;
  onLift: ((suppression: SuppressionView) => void) | undefined;
  onClear: () => void;
}) {
  const { t } = useTranslation("contacts");
  const workspace = useWorkspace();
  const { scope, source, person, lifted } = search;
  const query = useInfiniteQuery(suppressionsQuery(workspace.id, { scope, source, person, lifted }));
  const rows = query.data?.pages.flatMap(({ data }) => data);
  const problem = query.error ? asProblem(query.error) : undefined;

  if (problem && (!rows || query.isPlaceholderData)) {
    return problem.code === "invalid_parameter" || problem.code === "validation_failed" ? (
      <Card>
        <EmptyState
          icon={<FilterX />}
          title={t("noSuchPersonTitle")}
          action={<Button onClick={onClear}>{t("clear")}</Button>}
        >
          {t("noSuchPerson")}
        </EmptyState>
      </Card>
    ) : (
      <FailedLoad title={t("failed")} problem={problem} query={query} />
    );
  }
  if (!rows) {
    return (
      <Card>
        <Skeleton height="20rem" />
      </Card>
    );
  }
  const filtered = scope ?? source ?? person;
  return (
    <Card flush={rows.length > 0}>
      <RefetchBar active={query.isRefetching} />
      {rows.length > 0 ? (
        <>
          <SuppressionTable rows={rows} onOpen={onOpen} onLift={onLift} />
          <div className="border-line border-t px-4 py-2">
            <LoadMore
              hasMore={query.hasNextPage}
              loading={query.isFetchingNextPage}
              failed={query.isFetchNextPageError}
              shown={rows.length}
              onLoad={() => query.fetchNextPage()}
            />
          </div>
        </>
      ) : filtered ? (
        <EmptyState icon={<FilterX />} title={t("noneTitle")} action={<Button onClick={onClear}>{t("clear")}</Button>}>
          {t("none")}
        </EmptyState>
      ) : (
        <EmptyState icon={<UserX />} title={t("emptyTitle")}>
          {t("empty")}
        </EmptyState>
      )}
    </Card>
  );
}
