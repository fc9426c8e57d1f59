import * as v from "valibot";

/** What of the overview survives a reload. */
export const overviewSearch = v.object({
  /** The test message whose way is shown. */
  test: v.fallback(v.optional(v.pipe(v.string(), v.uuid())), undefined),
});
