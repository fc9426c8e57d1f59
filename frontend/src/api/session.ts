import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { forget, readStored, store } from "../lib/storage";
import { api, unwrap } from "./client";
import { keys } from "./keys";
import { asProblem } from "./problem";
import type { SessionView, SetupRequest, SignInRequest } from "./schema.gen";
import { signedInAgain } from "./session-state";

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/setup", { signal })),
});

/** Who the server says is signed in. */
export function readSession(signal?: AbortSignal): Promise<SessionView> {
  return unwrap(api.GET("/api/v1/session", signal ? { signal } : {}));
}

function isOver(error: unknown): boolean {
  const { code } = asProblem(error);
  return code === "unauthenticated" || code === "session_expired";
}

/**
 * Who is signed in; `null` when nobody is. The cookies can't be read, so this browser remembers that somebody signed in:
 * without that, the newcomer's first page need not ask and be refused. Once somebody was signed in, the answer never becomes
 * `null`: the page would vanish with all that is typed in it. Like any other call, this one waits for the sign-in.
 */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ client, signal }): Promise<SessionView | null> => {
    const isKnown = Boolean(client.getQueryData(keys.session));
    if (!isKnown && readStored("signed-in") === null) {
      return null;
    }
    try {
      return await readSession(signal);
    } catch (error) {
      if (!isOver(error)) {
        throw error;
      }
    }
    if (!isKnown) {
      forget("signed-in");
      return null;
    }
    await signedInAgain(signal);
    return readSession(signal);
  },
  staleTime: 60_000,
});

/** Keeps who has just signed in. */
export function remember(client: QueryClient, session: SessionView): void {
  store("signed-in", "yes");
  client.setQueryData(keys.session, session);
}

/** Passwords are not kept after the call (`gcTime: 0`), here and in the setup. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInRequest) => unwrap(api.POST("/api/v1/session", { body })),
    gcTime: 0,
    onSuccess: (session) => remember(client, session),
  });
}

export function useSetup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SetupRequest) => unwrap(api.POST("/api/v1/setup", { body })),
    gcTime: 0,
    onSuccess: (session) => {
      remember(client, session);
      return client.invalidateQueries({ queryKey: keys.setup });
    },
    onError: (error) => {
      if (asProblem(error).code === "setup_done") {
        // Somebody was faster. The pages before the sign-in go by what is known, so it has to be known.
        client.setQueryData(setupQuery.queryKey, (known) => known && { ...known, done: true });
      }
    },
  });
}

/** Loads the console anew at its entrance: what was known of who worked here is gone with the page, and so is what still runs. */
export function leave(): void {
  forget("signed-in");
  window.location.assign(new URL("sign-in", document.baseURI));
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/session", { params: { header: { "Duplex-Console": "1" } } })),
    onSuccess: leave,
  });
}
