import type { Capabilities, Content, FailoverMode, SendMessage } from "../../api/schema.gen";
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
  /** A local time as `<input type="datetime-local">` writes it; empty: at once. */
  sendAt: string;
  /** A local time, too; empty: never. */
  expires: string;
  /** Send it even when it is a quiet hour for the person. */
  ignoreQuietHours: boolean;
  /** Whether it may go by the other provider; empty: as the workspace's settings say. */
  fallback: FailoverMode | "";
  /** The template that goes there; empty: that of the message. */
  fallbackTemplate: string;
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
    sendAt: "",
    expires: "",
    ignoreQuietHours: false,
    fallback: "",
    fallbackTemplate: "",
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
    sendAt: "",
    expires: "",
    ignoreQuietHours: false,
    fallback: "",
    fallbackTemplate: "",
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
  const sendAt = momentOf(values.sendAt);
  const expires = momentOf(values.expires);
  const template = takesTemplate(values) ? values.fallbackTemplate.trim() : "";
  return {
    to: recipientOf(values.to),
    ...(values.channel && { channel_id: values.channel }),
    content: contentOf(values, can),
    ...(values.replyTo.trim() && { reply_to_id: values.replyTo.trim() }),
    ...(values.degrade && { degrade: true }),
    ...(values.reference.trim() && { client_reference: values.reference.trim() }),
    ...(sendAt && { send_at: sendAt }),
    ...(expires && { expires_at: expires }),
    ...(values.ignoreQuietHours && { ignore_quiet_hours: true }),
    ...(values.fallback && { fallback: { mode: values.fallback, ...(template && { template }) } }),
  };
}

/** A local time as it stands in a request; none when it is empty or makes no sense. */
export function momentOf(local: string): string | undefined {
  const moment = local === "" ? Number.NaN : Date.parse(local);
  return Number.isFinite(moment) ? new Date(moment).toISOString() : undefined;
}

/** Whether a template for the other provider is asked for. */
export function takesTemplate({ fallback }: Pick<ComposeValues, "fallback">): boolean {
  return fallback === "manual" || fallback === "automatic";
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
