import { queryOptions, skipToken } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";
import type { ProviderKind } from "./schema.gen";

/** What a provider can carry, both ways. It changes with the program's version only. */
export const capabilitiesQuery = (workspace: string, provider: ProviderKind | undefined) =>
  queryOptions({
    queryKey: [...keys.provider(provider ?? ""), workspace, "capabilities"],
    queryFn: provider
      ? async ({ signal }) => {
          const call = api.GET("/api/v1/providers/{provider}", {
            params: { path: { provider } },
            headers: inWorkspace(workspace),
            signal,
          });
          return (await unwrap(call)).capabilities;
        }
      : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
  });
