import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type { ChannelFault, CustomerContent, LedgerLine, NewFault } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { isSameFault } from "./faults";
import { countOwn, type OwnCount, type Wanted } from "./model";

/** A page of the API holds no more. */
const MOST = 200;

/** Conversations of a page. */
const PAGE = 30;

/** All conversations of the sandbox, the most recent first. */
export const conversationsQuery = (workspace: string) =>
  infiniteQueryOptions({
    queryKey: keys.of(workspace, "sandbox", "conversations"),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/sandbox/conversations", {
          params: { query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

/** The most recent conversation that fits; `null` when there is none yet. */
export const conversationQuery = (workspace: string, { channel, customer }: Wanted) =>
  queryOptions({
    queryKey: keys.of(workspace, "sandbox", "conversation", channel, customer),
    queryFn: async ({ signal }) => {
      const wanted = { ...(channel && { channel_id: channel }), ...(customer && { customer }) };
      const call = api.GET("/api/v1/sandbox/conversations", {
        params: { query: { ...wanted, limit: 1 } },
        headers: inWorkspace(workspace),
        signal,
      });
      return (await unwrap(call)).data[0] ?? null;
    },
  });

const faults = async (workspace: string, signal?: AbortSignal) =>
  (await unwrap(api.GET("/api/v1/sandbox/faults", { headers: inWorkspace(workspace), ...(signal && { signal }) })))
    .data;

export const faultsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "sandbox", "faults"),
    queryFn: ({ signal }) => faults(workspace, signal),
  });

/** A channel's line of the simulator's books, and what Duplex says of the same messages unless there are too many to ask for. */
export interface ComparedLine extends LedgerLine {
  own: OwnCount | undefined;
}

/** Both are asked for together, or the one would differ from the other only because it is older. */
export const ledgerQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "ledger", "compared"),
    queryFn: async ({ signal }): Promise<ComparedLine[]> => {
      const headers = inWorkspace(workspace);
      const { data: lines } = await unwrap(api.GET("/api/v1/sandbox/ledger", { headers, signal }));
      return Promise.all(
        lines.map(async (line) => {
          const query = { channel_id: line.channel_id, limit: MOST };
          const { data, next_cursor } = await unwrap(
            api.GET("/api/v1/messages", { params: { query }, headers, signal }),
          );
          return { ...line, own: next_cursor ? undefined : countOwn(data) };
        }),
      );
    },
  });

export interface Answer {
  channel: string;
  from: string;
  content: CustomerContent;
  replyTo?: string | undefined;
  forwarded?: boolean | undefined;
  /** The customer came by an ad. */
  referred?: boolean | undefined;
  /** As the customer calls themselves. */
  name?: string | undefined;
  /** The customer's name on WhatsApp. */
  username?: string | undefined;
  /** The business sees a user id in the place of the number. */
  hideNumber?: boolean | undefined;
}

/** The click on an ad that an example comes from. */
const ad = { source_type: "ad", source_id: "120000000000001", source_url: "https://fb.me/EXAMPLE", headline: "Spring" };

/** Writes as the virtual customer. */
export function useAnswer() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ channel, from, content, replyTo, forwarded, referred, name, username, hideNumber }: Answer) =>
      unwrap(
        api.POST("/api/v1/sandbox/replies", {
          headers: inWorkspace(id),
          body: {
            channel_id: channel,
            from,
            content,
            ...(replyTo !== undefined && { reply_to: replyTo }),
            ...(forwarded && { forwarded: "yes" }),
            ...(referred && { referral: ad }),
            ...(name && { name }),
            ...(username && { username }),
            ...(hideNumber && { hide_number: true }),
          },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.of(id, "messages") });
      void client.invalidateQueries({ queryKey: keys.of(id, "sandbox") });
    },
  });
}

/** Opens or closes the window in which free text reaches a customer. */
export function useSetWindow() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ channel, customer, open }: { channel: string; customer: string; open: boolean }) =>
      unwrap(
        api.POST("/api/v1/sandbox/windows", {
          headers: inWorkspace(id),
          body: { channel_id: channel, customer, open },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of(id, "sandbox") }),
  });
}

/** Changes the list of faults. It is read anew first: what is left of their counts changes with every message. */
function useChangeFaults<Given>(change: (set: ChannelFault[], given: Given) => NewFault[]) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (given: Given) => {
      const wanted = change(await faults(id), given);
      return (await unwrap(api.PUT("/api/v1/sandbox/faults", { headers: inWorkspace(id), body: { faults: wanted } })))
        .data;
    },
    onSuccess: (set) => client.setQueryData(faultsQuery(id).queryKey, set),
  });
}

export function useAddFault() {
  // Those that are used up would only lengthen the list.
  return useChangeFaults<NewFault>((set, fault) => [...set.filter(({ times }) => times !== 0), fault]);
}

export function useRemoveFault() {
  return useChangeFaults<ChannelFault>((set, gone) => {
    const place = set.findIndex((fault) => isSameFault(fault, gone));
    return set.filter((_, at) => at !== place);
  });
}

/** Removes all faults; requests that hang are let go. */
export function useClearFaults() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/sandbox/faults", { headers: inWorkspace(id) })),
    onSuccess: () => {
      client.setQueryData(faultsQuery(id).queryKey, []);
      void client.invalidateQueries({ queryKey: keys.of(id, "sandbox") });
    },
  });
}
