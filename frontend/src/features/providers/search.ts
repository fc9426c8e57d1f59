import * as v from "valibot";

/** What the providers page keeps in its address. */
export const providersSearch = v.object({
  /** Whose form and column are shown; the workspace's own provider when absent. */
  provider: v.fallback(v.optional(v.string()), undefined),
  /** Only rows in which the providers differ. */
  differences: v.fallback(v.optional(v.boolean()), undefined),
});
