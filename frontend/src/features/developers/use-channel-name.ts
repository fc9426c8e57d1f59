import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { channelsQuery } from "../../api/channels";
import type { ChannelView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";

/** Outside of the component: the same function gives the same map for the same channels. */
function namesOf(channels: readonly ChannelView[]): ReadonlyMap<string, string> {
  return new Map(channels.map(({ id, name }) => [id, name]));
}

/** A channel's name by its id: `undefined` until the names are there, `null` when the channel is not any more. */
export function useChannelName(): (id: string) => string | null | undefined {
  const workspace = useWorkspace();
  const { data: names } = useQuery({
    ...channelsQuery(workspace.id),
    select: namesOf,
    enabled: workspace.can("channels:read"),
  });
  return useCallback((id) => (names ? (names.get(id) ?? null) : undefined), [names]);
}
