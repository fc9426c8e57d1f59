import * as v from "valibot";

/** Which conversation the virtual phone shows. */
export const phoneSearch = v.object({
  channel: v.fallback(v.optional(v.pipe(v.string(), v.uuid())), undefined),
  /** A number in E.164 or a business-scoped user id. */
  customer: v.fallback(v.optional(v.pipe(v.string(), v.minLength(1))), undefined),
});
