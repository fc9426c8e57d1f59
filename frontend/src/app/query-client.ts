import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "../api/problem";

/** A refusal stays one however often it is asked for; a lost connection or a busy server may pass. */
function retry(failures: number, error: unknown): boolean {
  const { status, code } = asProblem(error);
  return failures < 2 && (code === "unreachable" || status === 502 || status === 503 || status === 504);
}

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry,
      retryDelay: (failures) => 400 * 2 ** failures,
      // Live events tell what is stale; coming back to the tab looks again in any case.
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // A browser without a network still reaches a gateway on its own machine.
      networkMode: "always",
    },
    // A write is tried again only by whoever asked for it.
    mutations: { retry: false, networkMode: "always" },
  },
});
