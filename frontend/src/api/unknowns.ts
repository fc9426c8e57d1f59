import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";

/** Of how many messages nobody knows whether they were sent. */
export const unknownCountQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "unknowns", "count"),
    queryFn: async ({ signal }) => {
      const tray = await unwrap(
        api.GET("/api/v1/unknowns", { params: { query: { limit: 1 } }, headers: inWorkspace(workspace), signal }),
      );
      return tray.total;
    },
  });
