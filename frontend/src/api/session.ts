import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { forget, readStored, store } from "../lib/storage";
import { api, unwrap } from "./client";
import { keys } from "./keys";
import { asProblem } from "./problem";
import type { SessionView, SetupRequest, SignInRequest } from "./schema.gen";

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/setup", { signal })),
});

/**
 * Who is signed in; `null` when nobody is. The cookies can't be read, so this browser remembers that somebody signed in:
 * without that, the newcomer's first page need not ask and be refused.
 */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    if (readStored("signed-in") === null) {
      return null;
    }
    try {
      return await unwrap(api.GET("/api/v1/session", { signal }));
    } catch (error) {
      const { code } = asProblem(error);
      if (code === "unauthenticated" || code === "session_expired") {
        forget("signed-in");
        return null;
      }
      throw error;
    }
  },
  staleTime: 60_000,
});

function remember(client: QueryClient, session: SessionView): void {
  store("signed-in", "yes");
  client.setQueryData(keys.session, session);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInRequest) => unwrap(api.POST("/api/v1/session", { body })),
    onSuccess: (session) => remember(client, session),
  });
}

export function useSetup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SetupRequest) => unwrap(api.POST("/api/v1/setup", { body })),
    onSuccess: (session) => {
      remember(client, session);
      return client.invalidateQueries({ queryKey: keys.setup });
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/session", { params: { header: { "Duplex-Console": "1" } } })),
    onSuccess: () => {
      forget("signed-in");
      client.clear();
      client.setQueryData(keys.session, null);
    },
  });
}
