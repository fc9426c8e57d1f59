import * as v from "valibot";

/** How many days it can be looked back. */
export const spans = [1, 7, 30, 90] as const;

/** How far back it is looked; 30 days when nothing is said. */
export const deadLettersSearch = v.object({
  days: v.fallback(v.optional(v.picklist(spans)), undefined),
});

export type DeadLettersSearch = v.InferOutput<typeof deadLettersSearch>;
