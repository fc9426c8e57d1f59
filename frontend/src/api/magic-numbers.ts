import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";

/** Recipients that the simulator always treats the same way. Not below `sandbox`: they never change, so no event should fetch them again. */
export const magicNumbersQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "workspace", "magic-numbers"),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/v1/sandbox/magic-numbers", { headers: inWorkspace(workspace), signal }))).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
