import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type { PasswordChange } from "../../api/schema.gen";
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
