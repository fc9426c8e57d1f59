import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type { ChannelLimitsPatch, Feed } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { transitionKinds } from "./transition";

/** A lowered rate rises again step by step, of which the feed tells only the last. */
const RATES_MS = 10_000;

/** What keeps each sender from sending as fast as it likes. */
export const limitsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "delivery", "limits"),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/v1/channel-limits", { headers: inWorkspace(workspace), signal }))).data,
    refetchInterval: RATES_MS,
  });

/** Sets what a provider does not tell of a channel. */
export function useChangeLimits(channel: string) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChannelLimitsPatch) =>
      unwrap(
        api.PATCH("/api/v1/channel-limits/{channel_id}", {
          params: { path: { channel_id: channel } },
          body,
          headers: inWorkspace(id),
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: limitsQuery(id).queryKey }),
  });
}

const PAGE = 50;
/** A call looks at a limited number of places, so that rare entries may need several. */
const CALLS = 8;

async function readBack(workspace: string, before: number | undefined, signal: AbortSignal): Promise<Feed> {
  let place = before;
  for (let call = 1; ; call += 1) {
    const feed = await unwrap(
      api.GET("/api/v1/events", {
        params: {
          query: {
            order: "newest",
            limit: PAGE,
            type: [...transitionKinds],
            ...(place === undefined ? {} : { before: place }),
          },
        },
        headers: inWorkspace(workspace),
        signal,
      }),
    );
    if (feed.data.length > 0 || !feed.next_before || call === CALLS) {
      return feed;
    }
    place = feed.next_before;
  }
}

/** What turned, fell and rose, newest first. */
export const transitionsQuery = (workspace: string) =>
  infiniteQueryOptions({
    queryKey: keys.of(workspace, "delivery", "transitions"),
    queryFn: ({ pageParam, signal }) => readBack(workspace, pageParam || undefined, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next_before }) => next_before ?? undefined,
  });

/** What could go by the other provider. What is known stays while the prices of other markets are on their way. */
export const readinessQuery = (workspace: string, markets: readonly string[]) =>
  queryOptions({
    queryKey: keys.of(workspace, "delivery", "readiness", markets),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/failover/readiness", {
          params: { query: markets.length > 0 ? { markets: markets.join(",") } : {} },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
