import * as v from "valibot";
import type { Capabilities } from "../../api/schema.gen";
import { type Fault, faultsOf } from "./faults";
import type { ComposeValues } from "./values";

const row = { name: v.string() };

const shape = v.object({
  to: v.string(),
  channel: v.string(),
  kind: v.custom<ComposeValues["kind"]>((kind) => typeof kind === "string"),
  text: v.object({ body: v.string(), preview: v.boolean() }),
  template: v.object({
    name: v.string(),
    language: v.string(),
    named: v.boolean(),
    body: v.array(v.object({ ...row, text: v.string() })),
    header: v.object({
      type: v.picklist(["none", "text", "image", "video", "document"]),
      name: v.string(),
      text: v.string(),
      link: v.string(),
      filename: v.string(),
    }),
    buttons: v.array(
      v.object({
        // An emptied number field gives NaN, which is no number to valibot; the rule below says so where it stands.
        index: v.union([v.number(), v.nan()]),
        type: v.picklist(["url", "quick_reply", "copy_code"]),
        value: v.string(),
      }),
    ),
    contentSid: v.string(),
    variables: v.array(v.object({ ...row, value: v.string() })),
  }),
  // Made of parts whose rules are the server's to tell.
  parted: v.custom<ComposeValues["parted"]>((drafts) => typeof drafts === "object"),
  replyTo: v.string(),
  degrade: v.boolean(),
  reference: v.string(),
  expires: v.string(),
});

/** The form's schema; rules that depend on each other stand together in `faultsOf`. */
export function composeSchema(
  can: Capabilities | undefined,
  say: (fault: Fault) => string,
): v.GenericSchema<ComposeValues> {
  return v.pipe(
    shape,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) {
        return;
      }
      for (const fault of faultsOf(dataset.value, can, Date.now())) {
        const [first, ...rest] = fault.path.map(
          (key): v.IssuePathItem => ({ type: "unknown", origin: "value", input: dataset.value, key, value: undefined }),
        );
        addIssue({ message: say(fault), ...(first && { path: [first, ...rest] }) });
      }
    }),
  );
}
