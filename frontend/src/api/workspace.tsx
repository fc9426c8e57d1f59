import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Membership, Role, Scope, Workspace } from "./schema.gen";

/** The workspace in which a page works, and what its user may do there. */
export interface CurrentWorkspace extends Workspace {
  role: Role;
  scopes: readonly Scope[];
  can: (scope: Scope) => boolean;
}

const WorkspaceContext = createContext<CurrentWorkspace | undefined>(undefined);

export function WorkspaceProvider({ membership, children }: { membership: Membership; children: ReactNode }) {
  const value = useMemo(
    () => ({
      ...membership.workspace,
      role: membership.role,
      scopes: membership.scopes,
      can: (scope: Scope) => membership.scopes.includes(scope),
    }),
    [membership],
  );
  return <WorkspaceContext value={value}>{children}</WorkspaceContext>;
}

export function useWorkspace(): CurrentWorkspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) {
    throw new Error("useWorkspace outside a workspace's pages");
  }
  return workspace;
}
