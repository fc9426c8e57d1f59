import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { ProviderKind } from "../../../api/schema.gen";

/** The table of codes, which changes with the gateway's version only. What was found stays until the next is here. */
export const errorCodesQuery = (workspace: string, query: string | undefined, provider: ProviderKind | undefined) =>
  infiniteQueryOptions({
    queryKey: keys.of(workspace, "workspace", "error-codes", query ?? "", provider ?? ""),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/error-codes", {
          params: {
            query: {
              limit: 50,
              ...(query && { query }),
              ...(provider && { provider }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
