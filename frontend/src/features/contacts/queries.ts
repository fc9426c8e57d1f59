import { infiniteQueryOptions, keepPreviousData, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { contactQuery } from "../../api/contacts";
import { keys } from "../../api/keys";
import type { LiftSuppression, NewSuppression, SuppressionScope, SuppressionSource } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";

export interface SuppressionFilter {
  scope?: SuppressionScope | undefined;
  source?: SuppressionSource | undefined;
  person?: string | undefined;
  lifted?: boolean | undefined;
}

/** Who wants no messages, newest first. */
export const suppressionsQuery = (workspace: string, filter: SuppressionFilter) =>
  infiniteQueryOptions({
    queryKey: keys.of(workspace, "suppressions", "list", filter),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/suppressions", {
          params: {
            query: {
              limit: 100,
              ...(filter.scope && { scope: filter.scope }),
              ...(filter.source && { source: filter.source }),
              ...(filter.person && { person: filter.person }),
              ...(filter.lifted && { include_lifted: true }),
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
  });

function useStale() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.of(id, "suppressions") }),
      client.invalidateQueries({ queryKey: keys.of(id, "contacts") }),
    ]);
}

export function useSuppress() {
  const { id } = useWorkspace();
  const onSuccess = useStale();
  return useMutation({
    mutationFn: (body: NewSuppression) => unwrap(api.POST("/api/v1/suppressions", { body, headers: inWorkspace(id) })),
    onSuccess,
  });
}

export function useLift() {
  const { id } = useWorkspace();
  const onSuccess = useStale();
  return useMutation({
    mutationFn: (body: LiftSuppression) =>
      unwrap(api.POST("/api/v1/suppressions/lift", { body, headers: inWorkspace(id) })),
    onSuccess,
  });
}

/** `null` leaves the zone to the person's number again. */
export function useSetTimeZone(contact_id: string) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (time_zone: string | null) =>
      unwrap(
        api.PATCH("/api/v1/contacts/{contact_id}", {
          params: { path: { contact_id } },
          body: { time_zone },
          headers: inWorkspace(id),
        }),
      ),
    onSuccess: (contact) => client.setQueryData(contactQuery(id, contact_id).queryKey, contact),
  });
}
