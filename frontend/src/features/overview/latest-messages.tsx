import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { MessageView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { contentText } from "../../domain/content";
import { MessageStateBadge } from "../../domain/message-state";
import { PhoneNumber } from "../../domain/number";
import { buttonClass } from "../../ui/button";
import { Card } from "../../ui/card";
import { EmptyState, RefetchBar, Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import { LoadError } from "./load-error";
import { newest } from "./model";
import { latestMessagesQuery } from "./queries";

const SHOWN = 5;

/** The last messages that failed, or of which nobody knows; each leads to its story. */
export function LatestFailures() {
  const { t } = useTranslation(["overview", "domain"]);
  const { id } = useWorkspace();
  const lists = useQueries({
    queries: [latestMessagesQuery(id, SHOWN, "failed"), latestMessagesQuery(id, SHOWN, "unknown")],
  });
  const broken = lists.find(({ isError, data }) => isError && !data);
  const messages = newest(
    lists.map(({ data }) => data ?? []),
    SHOWN,
  );
  return (
    <Card title={t("failures.title")}>
      <RefetchBar active={lists.some(({ isRefetching }) => isRefetching)} />
      {broken ? (
        <LoadError query={broken} />
      ) : lists.some(({ isPending }) => isPending) ? (
        <Skeleton height="13rem" />
      ) : messages.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("failures.none")}</p>
      ) : (
        <MessageList messages={messages} />
      )}
    </Card>
  );
}

/** The last messages of a live workspace, in and out. */
export function LatestMessages() {
  const { t } = useTranslation("overview");
  const { id } = useWorkspace();
  const latest = useQuery(latestMessagesQuery(id, SHOWN));
  return (
    <Card
      title={t("latest.title")}
      actions={
        <Link
          to="/w/$workspace/messages"
          params={{ workspace: id }}
          className={buttonClass({ look: "quiet", size: "small" })}
        >
          {t("latest.all")}
        </Link>
      }
    >
      <RefetchBar active={latest.isRefetching} />
      {latest.isPending ? (
        <Skeleton height="13rem" />
      ) : latest.isError && !latest.data ? (
        <LoadError query={latest} />
      ) : latest.data?.length === 0 ? (
        <EmptyState
          title={t("latest.none")}
          action={
            <Link to="/w/$workspace/compose" params={{ workspace: id }} className={buttonClass({ look: "primary" })}>
              {t("latest.compose")}
            </Link>
          }
        >
          {t("latest.noneWhy")}
        </EmptyState>
      ) : (
        <MessageList messages={latest.data ?? []} />
      )}
    </Card>
  );
}

function MessageList({ messages }: { messages: readonly MessageView[] }) {
  const { t } = useTranslation("domain");
  const { id } = useWorkspace();
  return (
    <ul className="grid gap-3">
      {messages.map((message) => (
        <li key={message.id} className="grid gap-0.5 border-line border-t pt-3 text-sm first:border-t-0 first:pt-0">
          <div className="flex items-center justify-between gap-3">
            <Link
              to="/w/$workspace/messages"
              params={{ workspace: id }}
              search={{ message: message.id }}
              className="link truncate py-0.5 font-medium"
            >
              <PhoneNumber value={message.person} />
            </Link>
            <MessageStateBadge state={message.state} hold={message.hold_reason} />
          </div>
          <div className="flex items-baseline justify-between gap-3 text-ink-soft">
            <p dir="auto" className="truncate">
              {message.failure ? t(`failure.${message.failure.code}.title`) : contentText(message, t)}
            </p>
            <span className="shrink-0 text-xs">
              <Time value={message.created_at} look="relative" />
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
