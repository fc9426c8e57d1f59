import * as v from "valibot";

/** More prices than these beside each other are hard to read. */
export const MOST_MARKETS = 4;

/** What of the delivery page is in its address. */
export const deliverySearch = v.object({
  tab: v.fallback(v.optional(v.picklist(["limits", "readiness"])), undefined),
  /** The markets whose prices are compared. */
  markets: v.fallback(v.optional(v.pipe(v.array(v.string()), v.maxLength(MOST_MARKETS))), undefined),
  /** Which templates of the readiness. */
  show: v.fallback(v.optional(v.picklist(["ready", "not_ready"])), undefined),
});
