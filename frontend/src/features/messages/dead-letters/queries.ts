import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { DeadLetterGroup, FailOver, RetryMessages } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { filterOf } from "../filter";
import { listOf } from "./group";

const DAY_MS = 86_400_000;

export const deadLettersQuery = (workspace: string, days: number) =>
  queryOptions({
    queryKey: keys.of(workspace, "dead-letters", "groups", days),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/dead-letters", {
          params: { query: { since: new Date(Date.now() - days * DAY_MS).toISOString() } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

function useStale() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return () => {
    for (const resource of ["dead-letters", "messages"] as const) {
      void client.invalidateQueries({ queryKey: keys.of(id, resource) });
    }
  };
}

/** Sends what has failed again. */
export function useRetryMany() {
  const { id } = useWorkspace();
  return useMutation({
    mutationFn: (body: RetryMessages) => unwrap(api.POST("/api/v1/messages/retry", { headers: inWorkspace(id), body })),
    onSettled: useStale(),
  });
}

/** Sends the newest message of a group again, to see whether the others would arrive. */
export function useRetryNewest() {
  const { id } = useWorkspace();
  return useMutation({
    mutationFn: async (group: DeadLetterGroup) => {
      const { data } = await unwrap(
        api.GET("/api/v1/messages", {
          params: { query: { ...filterOf(listOf(group)), limit: 50 } },
          headers: inWorkspace(id),
        }),
      );
      const newest =
        data.find(({ failure }) => (failure?.provider_code ?? "") === (group.provider_code ?? "")) ?? data[0];
      if (!newest) {
        return undefined;
      }
      const body: RetryMessages = { ids: [newest.id] };
      const told = await unwrap(api.POST("/api/v1/messages/retry", { headers: inWorkspace(id), body }));
      return { ...told, message: newest.id };
    },
    onSettled: useStale(),
  });
}

/** Sends what has failed or waits by the other provider. */
export function useFailOverMany() {
  const { id } = useWorkspace();
  return useMutation({
    mutationFn: (body: FailOver) => unwrap(api.POST("/api/v1/messages/fail-over", { headers: inWorkspace(id), body })),
    onSettled: useStale(),
  });
}
