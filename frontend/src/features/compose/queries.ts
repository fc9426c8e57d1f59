import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type { SendMessage } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";

/** Whether free messages reach a person by a channel now. */
export const windowQuery = (workspace: string, channel: string, person: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "contacts", "window", channel, person),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/conversations/window", {
          params: { query: { channel_id: channel, person } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    retry: false,
  });

export function useSendMessage() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, key }: { body: SendMessage; key: string }) =>
      unwrap(
        api.POST("/api/v1/messages", {
          params: { header: { "Idempotency-Key": key } },
          headers: inWorkspace(id),
          body,
        }),
      ),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.of(id, "messages") }),
  });
}
