import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { TemplateView } from "../../../api/schema.gen";
import { templatesQuery } from "../../../api/templates";
import { useWorkspace } from "../../../api/workspace";

/** The templates that the gateway keeps; none for who may not see them. */
export function useKnown() {
  const workspace = useWorkspace();
  const query = useInfiniteQuery({ ...templatesQuery(workspace.id), enabled: workspace.can("templates:read") });
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) {
      // Two parts of the page ask for the same list: the one does not break off the other.
      void fetchNextPage({ cancelRefetch: false });
    }
  }, [fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError]);
  const known = useMemo<TemplateView[]>(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  return { known, query };
}
