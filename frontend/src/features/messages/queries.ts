import {
  keepPreviousData,
  queryOptions,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import { useLiveEvents } from "../../api/live";
import type { CancelMessages, Event, ListMessageView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import type { MessageFilter } from "./filter";
import { append, follow, letIn, type MessageList, takeNewest } from "./list";

const PAGE = 100;
const BATCH_MS = 250;

function pageOf(
  workspace: string,
  filter: MessageFilter,
  cursor?: string,
  signal?: AbortSignal,
): Promise<ListMessageView> {
  return unwrap(
    api.GET("/api/v1/messages", {
      params: { query: { ...filter, limit: PAGE, ...(cursor && { cursor }) } },
      headers: inWorkspace(workspace),
      ...(signal && { signal }),
    }),
  );
}

const listKey = (workspace: string, filter: MessageFilter) => keys.of(workspace, "messages", "list", filter);

export interface LiveMessages {
  query: UseQueryResult<MessageList>;
  /** Asks for the next older page; does nothing while one is on its way. */
  loadOlder: () => void;
  loadingOlder: boolean;
  olderFailed: boolean;
  /** Lets in the new messages that wait. */
  letNewIn: () => void;
}

/**
 * The workspace's messages, kept current by asking for the newest page only; what lies further down follows the feed.
 * While `isReading` says so, new messages wait.
 */
export function useMessages(workspace: string, filter: MessageFilter, isReading: () => boolean): LiveMessages {
  const client = useQueryClient();
  const key = listKey(workspace, filter);
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }): Promise<MessageList> => {
      const page = await pageOf(workspace, filter, undefined, signal);
      return takeNewest(client.getQueryData<MessageList>(key), page, isReading());
    },
    // Rows that did not change are the same objects already; comparing ten thousand would cost more than it saves.
    structuralSharing: false,
    // A list that nobody keeps current is not shown again.
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const change = (to: (list: MessageList) => MessageList) =>
    client.setQueryData<MessageList>(key, (list) => list && to(list));

  // A bulk of messages brings thousands of entries a second; the table is drawn anew a few times.
  const entries = useRef<Event[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvents((event) => {
    entries.current.push(event);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const batch = entries.current.splice(0);
      change((list) => batch.reduce((soFar, entry) => follow(soFar, entry, filter.state), list));
    }, BATCH_MS);
  });

  const older = useMutation({
    mutationFn: ({ cursor }: { cursor: string; key: typeof key }) => pageOf(workspace, filter, cursor),
    onSuccess: (page, { cursor, key }) =>
      client.setQueryData<MessageList>(key, (list) => list && append(list, cursor, page)),
  });
  const cursor = query.isPlaceholderData ? undefined : query.data?.next;

  return {
    query,
    loadOlder: () => {
      if (cursor && !older.isPending) {
        older.mutate({ cursor, key });
      }
    },
    loadingOlder: older.isPending,
    olderFailed: older.isError && older.variables.cursor === cursor,
    letNewIn: () => change(letIn),
  };
}

/** A file that the gateway keeps. It changes with its message. */
export const mediumQuery = (workspace: string, medium: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "messages", "medium", medium),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/media/{media_id}", {
          params: { path: { media_id: medium } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
  });

/** Shows the person that their message was read and, asked so, that an answer is being written. */
export function useMarkRead(message: string) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (typing: boolean) =>
      unwrap(
        api.POST("/api/v1/messages/{message_id}/read", {
          params: { path: { message_id: message } },
          headers: inWorkspace(id),
          body: { typing },
        }),
      ),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.of(id, "messages") }),
  });
}

/** What a button of a message's story does with it. */
export type MessageAction = "retry" | "cancel" | "fail-over";

/** Sends a message again or by the other provider, or takes it back. */
export function useMessageAction(message: string) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: MessageAction) =>
      unwrap(
        api.POST(`/api/v1/messages/{message_id}/${action}`, {
          params: { path: { message_id: message } },
          headers: inWorkspace(id),
        }),
      ),
    // Also after a failure: then the message has gone on meanwhile.
    onSettled: () => {
      for (const resource of ["messages", "dead-letters"] as const) {
        void client.invalidateQueries({ queryKey: keys.of(id, resource) });
      }
    },
  });
}

/** Takes all messages back that wait and that the request means. */
export function useCancelWaiting() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CancelMessages) =>
      unwrap(api.POST("/api/v1/messages/cancel", { headers: inWorkspace(id), body })),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.of(id, "messages") }),
  });
}
