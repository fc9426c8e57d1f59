import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  skipToken,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type { Event, EventKind, Feed, JournalState, NewApiKey } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { type EventLog, startLog, withLive, withNewer, withOlder } from "./event-log";
import { joined, reaches, type WebhookList, withPage } from "./webhook-list";

// API keys

export const apiKeysQuery = (workspace: string) =>
  infiniteQueryOptions({
    queryKey: keys.of(workspace, "api-keys", "list"),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/api-keys", {
          params: { query: { limit: 200, ...(pageParam ? { cursor: pageParam } : {}) } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

/** The answer holds the key's only copy: it is given to the caller and kept nowhere (`gcTime: 0`). */
export function useCreateApiKey() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, attempt }: { body: NewApiKey; attempt: string }) =>
      unwrap(
        api.POST("/api/v1/api-keys", {
          body,
          params: { header: { "Idempotency-Key": attempt } },
          headers: inWorkspace(id),
        }),
      ),
    gcTime: 0,
    // Not waited for: the secret is shown at once, however long the list takes.
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.of(id, "api-keys") }),
  });
}

export function useRevokeApiKey() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (api_key_id: string) =>
      unwrap(
        api.DELETE("/api/v1/api-keys/{api_key_id}", { params: { path: { api_key_id } }, headers: inWorkspace(id) }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of(id, "api-keys") }),
  });
}

// Events

const PAGE = 200;
/** More new entries than this are not read one after the other: the log starts anew at the newest. */
const CATCH_UP = 1_000;
/** A call looks at a limited number of places, so that a rare type may need several for a page. */
const CALLS = 8;

const eventsKey = (workspace: string, type: EventKind | undefined) =>
  keys.of(workspace, "events", "log", type ?? "all");

function readFeed(
  workspace: string,
  query: { order: "oldest"; after: number; limit: number } | { order: "newest"; before?: number; limit: number },
  type: EventKind | undefined,
  signal?: AbortSignal,
): Promise<Feed> {
  return unwrap(
    api.GET("/api/v1/events", {
      params: { query: { ...query, ...(type ? { type: [type] } : {}) } },
      headers: inWorkspace(workspace),
      ...(signal ? { signal } : {}),
    }),
  );
}

/** Goes back until something is found, the feed ends, or enough was looked at for one time. */
async function readBack(
  workspace: string,
  before: number | undefined,
  type: EventKind | undefined,
  signal?: AbortSignal,
): Promise<Feed> {
  let place = before;
  for (let call = 1; ; call += 1) {
    const query = { order: "newest" as const, limit: PAGE, ...(place === undefined ? {} : { before: place }) };
    const feed = await readFeed(workspace, query, type, signal);
    if (feed.data.length > 0 || !feed.next_before || call === CALLS) {
      return feed;
    }
    place = feed.next_before;
  }
}

/**
 * The feed, newest first. A live event makes it stale like everything of its kind; reading again then means reading on from
 * what is known, and what was paged back stays without being fetched again.
 */
export const eventsQuery = (workspace: string, type: EventKind | undefined) =>
  queryOptions({
    queryKey: eventsKey(workspace, type),
    queryFn: async ({ client, signal }): Promise<EventLog> => {
      const known = client.getQueryData<EventLog>(eventsKey(workspace, type));
      if (known) {
        const newer = await readFeed(workspace, { order: "oldest", after: known.upTo, limit: CATCH_UP }, type, signal);
        if (!newer.reset && newer.next_after >= newer.head) {
          // The stream or the reader may have added to it meanwhile.
          return withNewer(client.getQueryData<EventLog>(eventsKey(workspace, type)) ?? known, newer);
        }
      }
      return startLog(await readBack(workspace, undefined, type, signal));
    },
    // Thousands of entries that never change need no comparison.
    structuralSharing: false,
  });

/** Puts an entry of the stream into the log before the server is asked. */
export function addLiveEvent(client: QueryClient, workspace: string, type: EventKind | undefined, event: Event): void {
  client.setQueryData<EventLog>(eventsKey(workspace, type), (log) => log && withLive(log, event, type));
}

export function useOlderEvents(type: EventKind | undefined) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (before: number) => readBack(id, before, type),
    onSuccess: (older, before) => {
      client.setQueryData<EventLog>(eventsKey(id, type), (log) =>
        // A log that started anew in between goes on from another place.
        log?.before === before ? withOlder(log, older) : log,
      );
    },
  });
}

/** One entry by its place, for an address that names one far from the newest. */
export const eventQuery = (workspace: string, seq: number | undefined) =>
  queryOptions({
    queryKey: keys.of(workspace, "events", "entry", seq),
    queryFn:
      seq === undefined
        ? skipToken
        : async ({ signal }) => {
            const { data } = await readFeed(
              workspace,
              { order: "newest", before: seq + 1, limit: 1 },
              undefined,
              signal,
            );
            return data.find((event) => event.seq === seq) ?? null;
          },
    staleTime: "static",
  });

// Webhooks

const WEBHOOK_CALLS = 5;

const webhooksKey = (workspace: string, state: JournalState | undefined) =>
  keys.of(workspace, "webhook-events", "list", state ?? "all");

function readWebhooks(
  workspace: string,
  state: JournalState | undefined,
  cursor: string | undefined,
  signal?: AbortSignal,
) {
  return unwrap(
    api.GET("/api/v1/webhook-events", {
      params: { query: { limit: PAGE, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) } },
      headers: inWorkspace(workspace),
      ...(signal ? { signal } : {}),
    }),
  );
}

/** Reads from a place on until there is enough: a page may be short, even empty, though more follow. */
async function readList(
  workspace: string,
  state: JournalState | undefined,
  from: string | undefined,
  enough: (list: WebhookList) => boolean,
  signal?: AbortSignal,
): Promise<WebhookList> {
  let list: WebhookList = { rows: [], cursor: from };
  for (let call = 1; ; call += 1) {
    list = withPage(list, await readWebhooks(workspace, state, list.cursor, signal));
    if (list.cursor === undefined || enough(list) || call === WEBHOOK_CALLS) {
      return list;
    }
  }
}

/** Newest first. Reading again reads the top as far as something can have changed, not all that was ever paged in. */
export const webhooksQuery = (workspace: string, state: JournalState | undefined) =>
  queryOptions({
    queryKey: webhooksKey(workspace, state),
    queryFn: async ({ client, signal }): Promise<WebhookList> => {
      const known = client.getQueryData<WebhookList>(webhooksKey(workspace, state));
      const read = await readList(
        workspace,
        state,
        undefined,
        (list) => list.rows.length > 0 && (!known || reaches(list, known)),
        signal,
      );
      return joined(read, client.getQueryData<WebhookList>(webhooksKey(workspace, state)) ?? read);
    },
    structuralSharing: false,
  });

export function useOlderWebhooks(state: JournalState | undefined) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (cursor: string) => readList(id, state, cursor, ({ rows }) => rows.length > 0),
    onSuccess: (older, cursor) => {
      client.setQueryData<WebhookList>(webhooksKey(id, state), (list) =>
        list?.cursor === cursor ? withPage(list, { data: [...older.rows], next_cursor: older.cursor ?? null }) : list,
      );
    },
  });
}

export const webhookQuery = (workspace: string, webhook_event_id: string | undefined) =>
  queryOptions({
    queryKey: keys.of(workspace, "webhook-events", "one", webhook_event_id),
    queryFn: webhook_event_id
      ? ({ signal }) =>
          unwrap(
            api.GET("/api/v1/webhook-events/{webhook_event_id}", {
              params: { path: { webhook_event_id } },
              headers: inWorkspace(workspace),
              signal,
            }),
          )
      : skipToken,
  });
