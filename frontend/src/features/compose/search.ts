import * as v from "valibot";

const text = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined);

/** What a new message starts with. `from` is a message to be sent once more, `reply` one to be answered, `react` one to be reacted to. */
export const composeSearch = v.object({
  to: text,
  channel: text,
  from: text,
  reply: text,
  react: text,
  /** A template that the gateway keeps. */
  template: text,
});

export type ComposeSearch = v.InferOutput<typeof composeSearch>;
