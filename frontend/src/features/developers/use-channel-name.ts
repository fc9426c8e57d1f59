import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useWorkspace } from "../../api/workspace";
import { channelNamesQuery } from "./queries";

/** A channel's name by its id: `undefined` until the names are there, `null` when the channel is not any more. */
export function useChannelName(): (id: string) => string | null | undefined {
  const workspace = useWorkspace();
  const { data: names } = useQuery({ ...channelNamesQuery(workspace.id), enabled: workspace.can("channels:read") });
  return useCallback((id) => (names ? (names.get(id) ?? null) : undefined), [names]);
}
