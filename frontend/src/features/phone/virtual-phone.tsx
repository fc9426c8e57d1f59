import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import { useWorkspace } from "../../api/workspace";
import { buttonClass } from "../../ui/button";
import { Card } from "../../ui/card";
import { EmptyState, LoadMore, Skeleton } from "../../ui/state";
import { ActiveFaults } from "./active-faults";
import { CustomerPhone } from "./customer-phone";
import { FaultForm } from "./fault-form";
import { Ledger } from "./ledger";
import { LoadError } from "./load-error";
import { freshThread, inTurn, isSameThread, type Thread, threadOf, threadsOf, withCurrent } from "./model";
import { conversationQuery, conversationsQuery } from "./queries";
import { ThreadList } from "./thread-list";

/** The customers' telephones, how the network misbehaves, and what it counted. */
export function VirtualPhone() {
  const { t } = useTranslation("phone");
  const workspace = useWorkspace();
  const search = useSearch({ from: "/w/$workspace/phone" });
  const [first, setFirst] = useState<Thread>();
  const conversations = useInfiniteQuery(conversationsQuery(workspace.id));
  const channels = useQuery(channelsQuery(workspace.id));
  // The most recent thread at first, and then that one: what arrives elsewhere must not take the phone away from whoever writes.
  const stays = first && !search.customer && (!search.channel || search.channel === first.channel);
  const wanted = stays ? { channel: first.channel, customer: first.customer } : search;
  const conversation = useQuery(conversationQuery(workspace.id, wanted));

  const broken = [conversations, channels].find(({ isError, data }) => isError && !data);
  if (broken) {
    return <LoadError query={broken} />;
  }
  if (channels.data?.length === 0) {
    return (
      <Card>
        <EmptyState
          title={t("noChannel.title")}
          action={
            <Link to="/w/$workspace/providers" params={{ workspace: workspace.id }} className={buttonClass()}>
              {t("noChannel.go")}
            </Link>
          }
        >
          {t("noChannel.why")}
        </EmptyState>
      </Card>
    );
  }
  const listed = conversations.data && threadsOf(conversations.data.pages);
  const known = listed?.find((one) => isSameThread(one, wanted)) ?? (stays ? first : undefined);
  const thread =
    conversation.data === null
      ? freshThread(inTurn(channels.data ?? [], workspace.whatsapp_provider), wanted)
      : conversation.data
        ? threadOf(conversation.data)
        : known;
  if (thread && !search.customer && !(first && isSameThread(first, thread))) {
    setFirst(thread);
  }
  return (
    <div className="@container grid gap-5">
      <div className="grid items-start gap-5 @2xl:grid-cols-[minmax(0,1fr)_22.5rem] @4xl:grid-cols-[15rem_22.5rem_minmax(0,1fr)]">
        <Card title={t("threads.title")} flush>
          {listed && channels.data ? (
            <ThreadList
              threads={withCurrent(listed, thread)}
              current={thread}
              channels={channels.data}
              more={
                conversations.hasNextPage ? (
                  <LoadMore
                    hasMore
                    loading={conversations.isFetchingNextPage}
                    failed={conversations.isFetchNextPageError}
                    shown={listed.length}
                    onLoad={() => void conversations.fetchNextPage()}
                  />
                ) : null
              }
            />
          ) : (
            <div className="p-4">
              <Skeleton height="16rem" />
            </div>
          )}
        </Card>
        {/* A thread of its own keeps its own half-written answer. */}
        {conversation.isError && !thread ? (
          <Card>
            <LoadError query={conversation} />
          </Card>
        ) : (
          <CustomerPhone key={`${thread?.channel} ${thread?.customer}`} thread={thread} />
        )}
        <div className="@2xl:col-span-2 @4xl:col-span-1">
          <Card title={t("faults.title")} description={t("faults.why")}>
            <div className="grid gap-5">
              <ActiveFaults channels={channels.data ?? []} />
              <FaultForm channels={channels.data ?? []} />
            </div>
          </Card>
        </div>
      </div>
      <Ledger channels={channels.data ?? []} />
    </div>
  );
}
