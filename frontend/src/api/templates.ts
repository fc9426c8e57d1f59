import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";
import type { TemplateCategory, TemplateStatus } from "./schema.gen";

/** Which templates a list has; everything when empty. */
export interface TemplateFilter {
  category?: TemplateCategory | undefined;
  /** That it has at some account. */
  status?: TemplateStatus | undefined;
}

const PAGE = 200;

/** Every list of them, however it is filtered. */
export const templateLists = (workspace: string) => keys.of(workspace, "templates", "list");

/** The workspace's templates, newest first. */
export const templatesQuery = (workspace: string, { category, status }: TemplateFilter = {}) =>
  infiniteQueryOptions({
    queryKey: [...templateLists(workspace), category, status],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/templates", {
          params: {
            query: {
              limit: PAGE,
              ...(pageParam && { cursor: pageParam }),
              ...(category && { category }),
              ...(status && { status }),
            },
          },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
