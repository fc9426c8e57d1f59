import { infiniteQueryOptions, keepPreviousData, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { DecidedMany, UnknownDecision } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import type { UnknownsSearch } from "./search";

const PAGE = 50;
/** The most that one request may name. */
const MOST_IDS = 200;

export const unknownsQuery = (workspace: string, { channel, looking }: UnknownsSearch) =>
  infiniteQueryOptions({
    queryKey: keys.of(workspace, "unknowns", "list", { channel, looking }),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/unknowns", {
          params: {
            query: {
              limit: PAGE,
              ...(pageParam && { cursor: pageParam }),
              ...(channel && { channel_id: channel }),
              ...(looking && { given_up: looking === "over" }),
            },
          },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor || undefined,
    placeholderData: keepPreviousData,
  });

export interface Decided {
  ids: readonly string[];
  decision: UnknownDecision;
  reason: string;
}

/** A person's word on messages of which nobody knows. */
export function useDecide() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, decision, reason }: Decided) => {
      const body = { decision, ...(reason.trim() && { reason: reason.trim() }) };
      const [only, ...others] = ids;
      return only !== undefined && others.length === 0 ? settleOne(id, only, body) : settleMany(id, ids, body);
    },
    // Also after a failure: something else may have settled them meanwhile.
    onSettled: () => {
      for (const resource of ["unknowns", "dead-letters", "messages"] as const) {
        void client.invalidateQueries({ queryKey: keys.of(id, resource) });
      }
    },
  });
}

type Body = { decision: UnknownDecision; reason?: string };

function settleOne(workspace: string, message: string, body: Body): Promise<DecidedMany> {
  return unwrap(
    api.POST("/api/v1/messages/{message_id}/settle-unknown", {
      params: { path: { message_id: message } },
      headers: inWorkspace(workspace),
      body,
    }),
  );
}

async function settleMany(workspace: string, ids: readonly string[], body: Body): Promise<DecidedMany> {
  const told: DecidedMany = { decided: 0, left_out: [] };
  for (let from = 0; from < ids.length; from += MOST_IDS) {
    const part = await unwrap(
      api.POST("/api/v1/unknowns/settle", {
        headers: inWorkspace(workspace),
        body: { ...body, ids: ids.slice(from, from + MOST_IDS) },
      }),
    );
    told.decided += part.decided;
    told.left_out.push(...part.left_out);
  }
  return told;
}
