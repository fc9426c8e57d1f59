import createClient from "openapi-fetch";
import { apiAddress } from "./address";
import { problemOf } from "./problem";
import type { paths } from "./schema.gen";
import { signedInAgain } from "./session-state";

/** Paths whose own 401 means "wrong password" or "not signed in", never "try again later". */
const OPEN_PATHS = ["/api/v1/setup", "/api/v1/session"];

let refreshing: Promise<boolean> | undefined;
/** Counts successful refreshes and sign-ins: a call that failed before the last one need not refresh again. */
let generation = 0;

/** Changes the refresh cookie for new ones; once for all calls that need it at the same time. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= fetch(`${apiAddress}/api/v1/session/refresh`, {
    method: "POST",
    credentials: "include",
    headers: { "Duplex-Console": "1" },
  })
    .then((answer) => {
      if (answer.ok) {
        generation += 1;
      }
      return answer.ok;
    })
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

async function send(request: Request): Promise<Response> {
  // A body can be read once, and this request may have to go out again.
  const again = request.clone();
  const before = generation;
  const answer = await fetch(request);
  const path = new URL(request.url).pathname;
  const open = OPEN_PATHS.some((suffix) => path.endsWith(suffix));
  if (answer.status !== 401 || (open && request.method !== "GET")) {
    return answer;
  }
  if (generation !== before || (await refreshSession())) {
    return fetch(again);
  }
  // Who asks who is signed in, wants to know that nobody is.
  if (open || !(await signedInAgain())) {
    return answer;
  }
  generation += 1;
  return send(again);
}

export const api = createClient<paths>({
  baseUrl: apiAddress,
  credentials: "include",
  headers: { "Duplex-Console": "1" },
  fetch: send,
});

/** Names the workspace of a call. */
export function inWorkspace(id: string): { "Duplex-Workspace": string } {
  return { "Duplex-Workspace": id };
}

/** The answer's body; throws a `Problem` when the call failed. */
export async function unwrap<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) {
    throw problemOf(error, response);
  }
  // An answer without a body (204) has the type `undefined` in the schema.
  return data as T;
}
