import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { channelsQuery } from "../../api/channels";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type {
  CheckOutcome,
  CreateChannel,
  ProviderKind,
  RoundTrip,
  SessionView,
  UpdateChannel,
} from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";

/** Both providers. The addresses to copy are the workspace's, so each has a catalogue of its own. */
export const catalogueQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...keys.providers, workspace],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/providers", { headers: inWorkspace(workspace), signal })),
    staleTime: 5 * 60_000,
  });

/** One channel; only here its verify token is shown, to those who may change it. */
export const channelQuery = (workspace: string, channel: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "channels", "one", channel),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/channels/{channel_id}", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
  });

/** Makes a provider the one of messages that name no channel. */
export function useChooseProvider() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (provider: ProviderKind) =>
      unwrap(
        api.PATCH("/api/v1/workspace", { body: { whatsapp_provider: provider }, headers: inWorkspace(workspace.id) }),
      ),
    onSuccess: (changed) => {
      // The workspace is part of the session; the choice shows at once, and the session is asked for again.
      client.setQueryData<SessionView | null>(keys.session, (session) =>
        session
          ? {
              ...session,
              workspaces: session.workspaces.map((each) =>
                each.workspace.id === changed.id ? { ...each, workspace: changed } : each,
              ),
            }
          : session,
      );
      void client.invalidateQueries({ queryKey: keys.session });
      return client.invalidateQueries({ queryKey: keys.of(workspace.id, "workspace") });
    },
  });
}

function useChannelsChanged() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.of(workspace.id, "channels") });
}

/**
 * `once` is the same for each try of one filled form, so that a lost answer makes no second channel. Secrets are not kept after
 * the call (`gcTime: 0`), here and where a channel is changed.
 */
export function useCreateChannel() {
  const workspace = useWorkspace();
  const changed = useChannelsChanged();
  return useMutation({
    mutationFn: ({ body, once }: { body: CreateChannel; once: string }) =>
      unwrap(
        api.POST("/api/v1/channels", {
          params: { header: { "Idempotency-Key": once } },
          headers: inWorkspace(workspace.id),
          body,
        }),
      ),
    gcTime: 0,
    onSuccess: changed,
  });
}

export function useUpdateChannel() {
  const workspace = useWorkspace();
  const changed = useChannelsChanged();
  return useMutation({
    mutationFn: ({ channel, body }: { channel: string; body: UpdateChannel }) =>
      unwrap(
        api.PATCH("/api/v1/channels/{channel_id}", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(workspace.id),
          body,
        }),
      ),
    gcTime: 0,
    onSuccess: changed,
  });
}

/** Tries a channel at its provider without sending anything. */
export function useCheckChannel() {
  const workspace = useWorkspace();
  const changed = useChannelsChanged();
  return useMutation({
    mutationFn: (channel: string): Promise<CheckOutcome> =>
      unwrap(
        api.POST("/api/v1/channels/{channel_id}/check", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(workspace.id),
        }),
      ),
    onSuccess: changed,
  });
}

/** Sets at the provider what brings its webhooks here, then tries the channel. */
export function useRepairChannel() {
  const workspace = useWorkspace();
  const changed = useChannelsChanged();
  return useMutation({
    mutationFn: (channel: string) =>
      unwrap(
        api.POST("/api/v1/channels/{channel_id}/repair", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(workspace.id),
        }),
      ),
    onSuccess: changed,
  });
}

/** Queues a test message. That it came back is an event of the channel. */
export function useStartRoundTrip() {
  const workspace = useWorkspace();
  const changed = useChannelsChanged();
  return useMutation({
    mutationFn: ({ channel, body }: { channel: string; body: RoundTrip }) =>
      unwrap(
        api.POST("/api/v1/channels/{channel_id}/round-trip", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(workspace.id),
          body,
        }),
      ),
    onSuccess: changed,
  });
}

export function useHoldChannel() {
  const workspace = useWorkspace();
  const changed = useChannelsChanged();
  return useMutation({
    mutationFn: (channel: string) =>
      unwrap(
        api.POST("/api/v1/channels/{channel_id}/hold", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(workspace.id),
        }),
      ),
    onSettled: changed,
  });
}

export function useResumeChannel() {
  const workspace = useWorkspace();
  const changed = useChannelsChanged();
  return useMutation({
    mutationFn: (channel: string) =>
      unwrap(
        api.POST("/api/v1/channels/{channel_id}/resume", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(workspace.id),
        }),
      ),
    onSettled: changed,
  });
}

export function useDeleteChannel() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (channel: string) =>
      unwrap(
        api.DELETE("/api/v1/channels/{channel_id}", {
          params: { path: { channel_id: channel } },
          headers: inWorkspace(workspace.id),
        }),
      ),
    // The list only: whoever looks at the deleted channel leaves its page and must not see it vanish first. Not waited for: in
    // the list, the part that asked for it vanishes with the channel, and could not say any more that it is done.
    onSuccess: () => void client.invalidateQueries({ queryKey: channelsQuery(workspace.id).queryKey }),
  });
}
