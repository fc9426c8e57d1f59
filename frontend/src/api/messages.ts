import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";

/** A message with everything that happened to it. */
export const messageQuery = (workspace: string, message: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "messages", "one", message),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/messages/{message_id}", {
          params: { path: { message_id: message } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
  });
