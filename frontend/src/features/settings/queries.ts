import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import { asProblem } from "../../api/problem";
import type { AlertEndpointView, PasswordChange } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";

export const installationQuery = queryOptions({
  queryKey: keys.installation,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/installation", { signal })),
});

export function useRenameWorkspace() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(api.PATCH("/api/v1/workspace", { body: { name }, headers: inWorkspace(id) })),
    // The session names the workspaces for the whole console.
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.session }),
        client.invalidateQueries({ queryKey: keys.of(id, "workspace") }),
      ]),
  });
}

export function useRenameUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(api.PATCH("/api/v1/session/user", { body: { name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.session }),
  });
}

/** Passwords are not kept after the call (`gcTime: 0`). */
export function useChangePassword() {
  return useMutation({
    mutationFn: (body: PasswordChange) => unwrap(api.PUT("/api/v1/session/password", { body })),
    gcTime: 0,
  });
}

/** The newest alerts, open and cleared. */
export const alertsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "alerts", "newest"),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          api.GET("/api/v1/alerts", {
            params: { query: { limit: 20 } },
            headers: inWorkspace(workspace),
            signal,
          }),
        )
      ).data,
  });

/** Where alerts are told; `null` when nowhere. */
export const alertEndpointQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "alerts", "endpoint"),
    queryFn: async ({ signal }): Promise<AlertEndpointView | null> => {
      try {
        return await unwrap(api.GET("/api/v1/alert-endpoint", { headers: inWorkspace(workspace), signal }));
      } catch (error) {
        if (asProblem(error).code === "not_found") {
          return null;
        }
        throw error;
      }
    },
  });

/** The answer holds the secret's only copy: it is kept no longer than it is shown (`gcTime: 0`). */
export function useSetAlertEndpoint() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (url: string) => unwrap(api.PUT("/api/v1/alert-endpoint", { body: { url }, headers: inWorkspace(id) })),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: alertEndpointQuery(id).queryKey }),
  });
}

export function useRemoveAlertEndpoint() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/alert-endpoint", { headers: inWorkspace(id) })),
    onSuccess: () => client.invalidateQueries({ queryKey: alertEndpointQuery(id).queryKey }),
  });
}

/** Sends an alert that is none to the endpoint. */
export function useTestAlertEndpoint() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/alert-endpoint/test", { headers: inWorkspace(id) })),
    onSuccess: () => client.invalidateQueries({ queryKey: alertEndpointQuery(id).queryKey }),
  });
}
