import * as v from "valibot";
import { directions, failureCodes, messageStates } from "../../domain/words";

const text = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined);

/** What of the list is shown, and whose story is open. A value that makes no sense is left out, so that old links still open. */
export const messagesSearch = v.object({
  state: v.fallback(v.optional(v.picklist(messageStates)), undefined),
  direction: v.fallback(v.optional(v.picklist(directions)), undefined),
  channel: text,
  failure: v.fallback(v.optional(v.picklist(failureCodes)), undefined),
  /** The provider's raw code beside it. */
  code: v.fallback(v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))), undefined),
  person: text,
  message: text,
});

export type MessagesSearch = v.InferOutput<typeof messagesSearch>;
