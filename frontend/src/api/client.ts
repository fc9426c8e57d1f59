import createClient from "openapi-fetch";
import { apiAddress } from "./address";
import { problemOf, unreachable } from "./problem";
import type { paths } from "./schema.gen";
import { isExpired, sessionGeneration, sessionRenewed, signedInAgain } from "./session-state";

/** Paths whose own 401 means "wrong password" or "not signed in", never "try again later". */
const OPEN_PATHS = ["/api/v1/setup", "/api/v1/session"];

/** `fetch` throws a TypeError when nothing answers, and so does every slip in our own code: here the two are told apart. */
async function reach(request: Request | string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(request, init);
  } catch (error) {
    throw error instanceof TypeError ? unreachable() : error;
  }
}

let refreshing: Promise<Response> | undefined;

/** Changes the refresh cookie for new ones; once for all calls that need it at the same time. Its body is for nobody: clone it. */
export function refreshSession(): Promise<Response> {
  refreshing ??= reach(`${apiAddress}/api/v1/session/refresh`, {
    method: "POST",
    credentials: "include",
    headers: { "Duplex-Console": "1" },
  })
    .then((answer) => {
      if (answer.ok) {
        sessionRenewed();
      }
      return answer;
    })
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

async function send(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  const open = OPEN_PATHS.some((suffix) => path.endsWith(suffix));
  if (!open && isExpired()) {
    await signedInAgain(request.signal);
  }
  // A body can be read once, and this request may have to go out again.
  const again = request.clone();
  const before = sessionGeneration();
  const answer = await reach(request);
  if (answer.status !== 401 || (open && request.method !== "GET")) {
    return answer;
  }
  if (sessionGeneration() !== before) {
    return reach(again);
  }
  const refreshed = await refreshSession();
  if (refreshed.ok) {
    return reach(again);
  }
  if (refreshed.status !== 401) {
    // A proxy's error or a limit says nothing about the session: the call failed by it, and can be tried again.
    return refreshed.clone();
  }
  if (open) {
    // Who asks who is signed in, wants to know that nobody is.
    return answer;
  }
  await signedInAgain(request.signal);
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
