import * as v from "valibot";

const text = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined);

/** What a new message starts with. `from` is a message to be sent once more. */
export const composeSearch = v.object({
  to: text,
  channel: text,
  from: text,
});

export type ComposeSearch = v.InferOutput<typeof composeSearch>;
