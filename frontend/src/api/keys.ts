/** What a workspace has, as the first word below its id in a query key. */
export type Resource =
  | "messages"
  | "channels"
  | "contacts"
  | "alerts"
  | "api-keys"
  | "events"
  | "templates"
  /** What the server makes of definitions; depends on nothing that happens. */
  | "template-previews"
  | "webhook-events"
  | "sandbox"
  /** What the simulator counted. This and the next two are asked for less often than the rest while messages flow. */
  | "ledger"
  | "unknowns"
  | "dead-letters"
  | "workspace"
  /** Limits, circuits and what could go by the other provider. */
  | "delivery"
  | "suppressions"
  | "webhook-endpoints";

/** Keys of the query cache. Live events invalidate by the first three parts. */
export const keys = {
  session: ["session"] as const,
  setup: ["setup"] as const,
  installation: ["installation"] as const,
  providers: ["providers"] as const,
  provider: (id: string) => ["providers", id] as const,
  workspace: (workspace: string) => ["w", workspace] as const,
  of: (workspace: string, resource: Resource, ...rest: unknown[]) => ["w", workspace, resource, ...rest] as const,
};
