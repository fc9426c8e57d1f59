import * as v from "valibot";

const text = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined);

/** Which of the unknown messages are shown. A value that makes no sense is left out, so that old links still open. */
export const unknownsSearch = v.object({
  channel: text,
  /** Those that are still looked for, or those that are left to a person. */
  looking: v.fallback(v.optional(v.picklist(["still", "over"])), undefined),
});

export type UnknownsSearch = v.InferOutput<typeof unknownsSearch>;
