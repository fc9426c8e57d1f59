import type { Capabilities, Content, SendMessage } from "../../api/schema.gen";
import { contentOfDraft, draftOf } from "./kinds/content";
import { type Draft, emptyDraft, type PartedKind, parts } from "./kinds/parts";
import {
  emptyTemplate,
  nextTemplate,
  type TemplateValues,
  templateOf,
  templateValues,
} from "./template/template-values";

/** What is in the form: all kinds at once, so that switching between them loses nothing. */
export interface ComposeValues {
  to: string;
  /** Empty: the default channel of the workspace's provider. */
  channel: string;
  kind: Content["type"];
  text: { body: string; preview: boolean };
  template: TemplateValues;
  /** The kinds whose forms are made of parts. */
  parted: Record<PartedKind, Draft>;
  /** The message that this one answers; empty: none. */
  replyTo: string;
  /** Send less where the provider lacks something. */
  degrade: boolean;
  reference: string;
  /** A local time as `<input type="datetime-local">` writes it; empty: never. */
  expires: string;
}

export function emptyValues(to = "", channel = ""): ComposeValues {
  return {
    to,
    channel,
    kind: "text",
    text: { body: "", preview: false },
    template: emptyTemplate(),
    parted: emptyDrafts(),
    replyTo: "",
    degrade: false,
    reference: "",
    expires: "",
  };
}

function emptyDrafts(): Record<PartedKind, Draft> {
  const drafts = Object.entries(parts).map(([kind, of]) => [kind, emptyDraft(of)]);
  return Object.fromEntries(drafts) as Record<PartedKind, Draft>;
}

/** The form filled with what a message was. */
export function valuesOf(content: Content, to: string, channel: string): ComposeValues {
  const values = emptyValues(to, channel);
  if (content.type === "text") {
    return { ...values, text: { body: content.body, preview: content.preview_url ?? false } };
  }
  if (content.type !== "template") {
    return { ...values, kind: content.type, parted: { ...values.parted, [content.type]: draftOf(content) } };
  }
  return { ...values, kind: "template", template: templateValues(content) };
}

/** The form after its message is on its way: for the same person by the same way, its words taken out. */
export function nextValues(values: ComposeValues): ComposeValues {
  return {
    ...values,
    text: { ...values.text, body: "" },
    template: nextTemplate(values.template),
    parted: { ...values.parted, ...(isParted(values.kind) && { [values.kind]: emptyDraft(parts[values.kind]) }) },
    replyTo: "",
    reference: "",
    expires: "",
  };
}

export function isParted(kind: Content["type"]): kind is PartedKind {
  return kind !== "text" && kind !== "template";
}

/** A number without what people put between its digits; anything else as it is. */
export function recipientOf(typed: string): string {
  const digits = typed.replaceAll(/[\s().\-/]/g, "");
  return /^\+\d+$/.test(digits) ? digits : typed.trim();
}

/** The request that the form stands for. What the provider lacks is left out; without `can` nothing is. */
export function bodyOf(values: ComposeValues, can: Capabilities | undefined): SendMessage {
  const expires = values.expires === "" ? Number.NaN : Date.parse(values.expires);
  return {
    to: recipientOf(values.to),
    ...(values.channel && { channel_id: values.channel }),
    content: contentOf(values, can),
    ...(values.replyTo.trim() && { reply_to_id: values.replyTo.trim() }),
    ...(values.degrade && { degrade: true }),
    ...(values.reference.trim() && { client_reference: values.reference.trim() }),
    ...(Number.isFinite(expires) && { expires_at: new Date(expires).toISOString() }),
  };
}

export function contentOf({ kind, text, template, parted }: ComposeValues, can: Capabilities | undefined): Content {
  if (isParted(kind)) {
    return contentOfDraft(kind, parted[kind]);
  }
  if (kind === "text") {
    const preview = text.preview && (can?.text.preview_switch.supported ?? true);
    return { type: "text", body: text.body, ...(preview && { preview_url: true }) };
  }
  return { type: "template", ...templateOf(template, can) };
}
