import * as v from "valibot";
import type { ProviderKind } from "../../../api/schema.gen";
import { inOrder } from "../../../lib/in-order";

const order: Record<ProviderKind, number> = { twilio: 1, direct: 2 };

export const providers = inOrder(order);

/** Which codes are shown. What makes no sense is left out. */
export const errorCodesSearch = v.object({
  /** A code or its beginning, or words. An address with a bare number gives a number. */
  query: v.fallback(
    v.optional(
      v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.trim(), v.nonEmpty(), v.maxLength(200)),
    ),
    undefined,
  ),
  provider: v.fallback(v.optional(v.picklist(providers)), undefined),
});
