import * as v from "valibot";
import type { SuppressionScope, SuppressionSource } from "../../api/schema.gen";
import { inOrder } from "../../lib/in-order";

const scopeOrder: Record<SuppressionScope, number> = { all: 1, marketing: 2 };
const sourceOrder: Record<SuppressionSource, number> = { word: 1, provider: 2, console: 3, api: 4 };

export const scopes = inOrder(scopeOrder);
export const sources = inOrder(sourceOrder);

/** Which suppressions are shown, and whose contact is open. What makes no sense is left out. */
export const suppressionsSearch = v.object({
  scope: v.fallback(v.optional(v.picklist(scopes)), undefined),
  source: v.fallback(v.optional(v.picklist(sources)), undefined),
  /** A number or a business-scoped user id; an address with bare digits gives a number. */
  person: v.fallback(
    v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.trim(), v.nonEmpty())),
    undefined,
  ),
  lifted: v.fallback(v.optional(v.boolean()), undefined),
  contact: v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty())), undefined),
});

export type SuppressionsSearch = v.InferOutput<typeof suppressionsSearch>;
