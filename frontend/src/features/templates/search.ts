import * as v from "valibot";
import { categories, statuses } from "./words";

const text = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined);

/** Which templates are shown. A value that makes no sense is left out, so that old links still open. */
export const templatesSearch = v.object({
  text,
  status: v.fallback(v.optional(v.picklist(statuses)), undefined),
  category: v.fallback(v.optional(v.picklist(categories)), undefined),
});

export type TemplatesSearch = v.InferOutput<typeof templatesSearch>;

/** What a template that is being made begins with. */
export const newTemplateSearch = v.object({
  /** A template to be made in another language. */
  from: text,
  /** A starter of this name. */
  starter: text,
});
