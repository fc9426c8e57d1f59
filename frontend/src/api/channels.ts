import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";
import type { ChannelView } from "./schema.gen";

/** All channels of a workspace, newest first. A business has few numbers, so the pages are put together. */
export const channelsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "channels", "list"),
    queryFn: async ({ signal }) => {
      const all: ChannelView[] = [];
      let cursor: string | undefined;
      do {
        const page = await unwrap(
          api.GET("/api/v1/channels", {
            params: { query: { limit: 200, ...(cursor && { cursor }) } },
            headers: inWorkspace(workspace),
            signal,
          }),
        );
        all.push(...page.data);
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      return all;
    },
  });
