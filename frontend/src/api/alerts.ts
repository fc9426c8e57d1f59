import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";

/** What an operator has to know now. One of a kind is open about the same thing, so a page holds them all. */
export const openAlertsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "alerts", "open"),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          api.GET("/api/v1/alerts", {
            params: { query: { state: "open", limit: 200 } },
            headers: inWorkspace(workspace),
            signal,
          }),
        )
      ).data,
  });
