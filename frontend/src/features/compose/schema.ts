import * as v from "valibot";
import type { Capabilities } from "../../api/schema.gen";
import { type Fault, faultsOf } from "./faults";
import type { ComposeValues } from "./values";

const row = { name: v.string() };
const body = v.array(v.object({ ...row, text: v.string() }));

const header = v.object({
  type: v.picklist(["none", "text", "image", "video", "document", "location", "product"]),
  fixed: v.boolean(),
  name: v.string(),
  text: v.string(),
  media: v.object({
    from: v.picklist(["upload", "link"]),
    id: v.string(),
    uploaded: v.string(),
    link: v.string(),
    filename: v.string(),
  }),
  latitude: v.string(),
  longitude: v.string(),
  place: v.string(),
  address: v.string(),
  catalog: v.string(),
  product: v.string(),
});

const buttons = v.array(
  v.object({
    // An emptied number field gives NaN, which is no number to valibot; the rule below says so where it stands.
    index: v.union([v.number(), v.nan()]),
    type: v.picklist(["url", "quick_reply", "copy_code", "flow", "catalog", "products"]),
    value: v.string(),
    data: v.string(),
    optional: v.boolean(),
    sections: v.array(v.object({ title: v.string(), products: v.string() })),
  }),
);

const shape = v.object({
  to: v.string(),
  channel: v.string(),
  kind: v.custom<ComposeValues["kind"]>((kind) => typeof kind === "string"),
  text: v.object({ body: v.string(), preview: v.boolean() }),
  template: v.object({
    chosen: v.string(),
    again: v.boolean(),
    name: v.string(),
    language: v.string(),
    named: v.boolean(),
    body,
    header,
    buttons,
    offer: v.string(),
    cards: v.array(v.object({ header, body, buttons })),
    contentSid: v.string(),
    variables: v.array(v.object({ ...row, value: v.string() })),
  }),
  // Made of parts whose rules are the server's to tell.
  parted: v.custom<ComposeValues["parted"]>((drafts) => typeof drafts === "object"),
  replyTo: v.string(),
  degrade: v.boolean(),
  reference: v.string(),
  sendAt: v.string(),
  expires: v.string(),
  ignoreQuietHours: v.boolean(),
  fallback: v.picklist(["", "off", "manual", "automatic"]),
  fallbackTemplate: v.string(),
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
