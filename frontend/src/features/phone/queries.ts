import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type { ChannelFault, NewFault } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { isSameFault } from "./faults";

/** A page of the API holds no more. */
const MOST = 200;

export const conversationsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "sandbox", "conversations"),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/v1/sandbox/conversations", { headers: inWorkspace(workspace), signal }))).data,
  });

export const channelsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "channels", "phone"),
    queryFn: async ({ signal }) => {
      const call = api.GET("/api/v1/channels", {
        params: { query: { limit: MOST } },
        headers: inWorkspace(workspace),
        signal,
      });
      return (await unwrap(call)).data;
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

/** Not below `sandbox`: the rows never change, so no event should fetch them again. */
export const magicNumbersQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "workspace", "magic-numbers"),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/v1/sandbox/magic-numbers", { headers: inWorkspace(workspace), signal }))).data,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const ledgerQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "sandbox", "ledger"),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/v1/sandbox/ledger", { headers: inWorkspace(workspace), signal }))).data,
  });

/** A channel's messages as Duplex has them; `all` is false when there are more than one page. */
export const channelMessagesQuery = (workspace: string, channel: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "messages", "phone", channel),
    queryFn: async ({ signal }) => {
      const call = api.GET("/api/v1/messages", {
        params: { query: { channel_id: channel, limit: MOST } },
        headers: inWorkspace(workspace),
        signal,
      });
      const { data, next_cursor } = await unwrap(call);
      return { messages: data, all: !next_cursor };
    },
  });

export interface Answer {
  channel: string;
  from: string;
  text: string;
  replyTo?: string | undefined;
}

/** Writes as the virtual customer. */
export function useAnswer() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ channel, from, text, replyTo }: Answer) =>
      unwrap(
        api.POST("/api/v1/sandbox/replies", {
          headers: inWorkspace(id),
          body: { channel_id: channel, from, text, ...(replyTo !== undefined && { reply_to: replyTo }) },
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
