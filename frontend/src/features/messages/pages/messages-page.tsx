import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { MessagesSquare, SearchX } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../../api/channels";
import { asProblem } from "../../../api/problem";
import { useWorkspace } from "../../../api/workspace";
import { useProblemText } from "../../../domain/problem-text";
import { Button, buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Page } from "../../../ui/page";
import { RetryNotice } from "../../../ui/retry-notice";
import { EmptyState, ErrorState, Skeleton } from "../../../ui/state";
import { CancelWaiting } from "../cancel-waiting";
import { filterOf, isFiltered } from "../filter";
import { Filters } from "../filters";
import type { MessageList } from "../list";
import { MessageTable } from "../message-table";
import { type LiveMessages, useMessages } from "../queries";
import type { MessagesSearch } from "../search";
import { StoryDrawer } from "../story-drawer";

const from = "/w/$workspace/messages";

export function MessagesPage() {
  const { t } = useTranslation("messages");
  const { id: workspace } = useWorkspace();
  const search = useSearch({ from });
  const navigate = useNavigate({ from });
  const reading = useRef(false);
  const filter = filterOf(search);
  const messages = useMessages(workspace, filter, () => reading.current);
  const { query } = messages;
  const channels = useQuery(channelsQuery(workspace)).data ?? [];

  // Another filter is another list, read from its beginning.
  const change = (to: Partial<MessagesSearch>, replace = false) => {
    reading.current = false;
    void navigate({ search: (old) => ({ ...old, ...to }), replace, resetScroll: false });
  };
  const clear = () =>
    change({
      state: undefined,
      direction: undefined,
      channel: undefined,
      person: undefined,
      failure: undefined,
      code: undefined,
    });

  return (
    <Page title={t("title")} width="full">
      <Filters
        search={search}
        channels={channels}
        onChoose={change}
        onType={(person) => change({ person }, true)}
        onClear={clear}
      />
      <CancelWaiting filter={filter} channels={channels} />
      {query.isError && query.data ? <RetryNotice title={t("stale")} query={query} /> : null}
      <List
        messages={messages}
        filtered={isFiltered(filter)}
        onClear={clear}
        table={(list) => (
          <MessageTable
            key={JSON.stringify(filter)}
            list={list}
            messages={messages}
            channels={channels}
            reading={reading}
            selected={search.message}
            onOpen={({ id }) => void navigate({ search: (old) => ({ ...old, message: id }), resetScroll: false })}
          />
        )}
      />
      <StoryDrawer
        message={search.message}
        channels={channels}
        onClose={() => void navigate({ search: ({ message: _, ...rest }) => rest, resetScroll: false })}
      />
    </Page>
  );
}

function List({
  messages: { query },
  filtered,
  onClear,
  table,
}: {
  messages: LiveMessages;
  filtered: boolean;
  onClear: () => void;
  table: (list: MessageList) => ReactNode;
}) {
  const { t } = useTranslation("messages");
  const problemText = useProblemText();
  const workspace = useWorkspace();
  if (query.isPending) {
    return <Skeleton height="max(20rem, calc(100dvh - 16rem))" />;
  }
  if (!query.data) {
    const problem = asProblem(query.error);
    return (
      <ErrorState
        title={t("failed")}
        detail={problemText(problem)}
        code={problem.code}
        requestId={problem.requestId}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  if (query.data.rows.length > 0 || query.data.waiting) {
    return table(query.data);
  }
  return (
    <Card>
      {filtered ? (
        <EmptyState
          icon={<SearchX />}
          title={t("noMatch.title")}
          action={<Button onClick={onClear}>{t("noMatch.action")}</Button>}
        >
          {t("noMatch.why")}
        </EmptyState>
      ) : (
        <EmptyState
          icon={<MessagesSquare />}
          title={t("empty.title")}
          action={
            workspace.can("messages:write") ? (
              <Link
                to="/w/$workspace/compose"
                params={{ workspace: workspace.id }}
                className={buttonClass({ look: "primary" })}
              >
                {t("empty.action")}
              </Link>
            ) : null
          }
        >
          {t("empty.why")}
        </EmptyState>
      )}
    </Card>
  );
}
