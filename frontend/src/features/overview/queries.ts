import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type { MessageState } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";

/** What one person wrote to one channel, newest first, as the API tells it. */
export const inboundQuery = (workspace: string, channel: string, person: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "messages", "overview", "inbound", channel, person),
    queryFn: async ({ signal }) => {
      const call = api.GET("/api/v1/messages", {
        params: { query: { direction: "inbound", channel_id: channel, person, limit: 10 } },
        headers: inWorkspace(workspace),
        signal,
      });
      return (await unwrap(call)).data;
    },
  });

export const latestMessagesQuery = (workspace: string, limit: number, state?: MessageState) =>
  queryOptions({
    queryKey: keys.of(workspace, "messages", "overview", "latest", limit, state ?? "any"),
    queryFn: async ({ signal }) => {
      const call = api.GET("/api/v1/messages", {
        params: { query: { limit, ...(state && { state }) } },
        headers: inWorkspace(workspace),
        signal,
      });
      return (await unwrap(call)).data;
    },
  });

/** A customer's virtual phone, as far as one channel is concerned; `null` until somebody wrote. */
export const conversationQuery = (workspace: string, channel: string, customer: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "sandbox", "overview", channel, customer),
    queryFn: async ({ signal }) => {
      const call = api.GET("/api/v1/sandbox/conversations", {
        params: { query: { channel_id: channel, customer, limit: 1 } },
        headers: inWorkspace(workspace),
        signal,
      });
      return (await unwrap(call)).data[0] ?? null;
    },
  });

/** What the simulator counted, per channel. */
export const ledgerQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "ledger", "overview"),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/v1/sandbox/ledger", { headers: inWorkspace(workspace), signal }))).data,
  });

/** Whether programs can get in: one key is enough to know. */
export const anyApiKeyQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "api-keys", "overview"),
    queryFn: async ({ signal }) => {
      const call = api.GET("/api/v1/api-keys", {
        params: { query: { limit: 1 } },
        headers: inWorkspace(workspace),
        signal,
      });
      return (await unwrap(call)).data.length > 0;
    },
  });

export interface TestMessage {
  to: string;
  text: string;
  /** Kept when the same message is tried again, so that it can't go out twice. */
  key: string;
}

export function useSendTest() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ to, text, key }: TestMessage) =>
      unwrap(
        api.POST("/api/v1/messages", {
          params: { header: { "Idempotency-Key": key } },
          headers: inWorkspace(id),
          body: { to, content: { type: "text", body: text } },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.of(id, "messages") });
      void client.invalidateQueries({ queryKey: keys.of(id, "sandbox") });
    },
  });
}

export interface Answer {
  channel: string;
  from: string;
  text: string;
}

/** Writes as the virtual customer. */
export function useAnswer() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ channel, from, text }: Answer) =>
      unwrap(
        api.POST("/api/v1/sandbox/replies", {
          headers: inWorkspace(id),
          body: { channel_id: channel, from, text },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.of(id, "messages") });
      void client.invalidateQueries({ queryKey: keys.of(id, "sandbox") });
    },
  });
}

/** Runs a channel's connection check, which ends a hold when nothing is wrong any more. */
export function useCheckChannel() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (channel: string) =>
      unwrap(
        api.POST("/api/v1/channels/{channel_id}/check", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(id),
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.of(id, "channels") });
      void client.invalidateQueries({ queryKey: keys.of(id, "messages") });
    },
  });
}
