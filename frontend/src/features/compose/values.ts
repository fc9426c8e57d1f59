import type { Capabilities, Content, HeaderValue, SendMessage, TemplateUse } from "../../api/schema.gen";
import { contentOfDraft, draftOf } from "./kinds/content";
import { type Draft, emptyDraft, type PartedKind, parts } from "./kinds/parts";

/** What is in the form: all kinds at once, so that switching between them loses nothing. */
export interface ComposeValues {
  to: string;
  /** Empty: the default channel of the workspace's provider. */
  channel: string;
  kind: Content["type"];
  text: { body: string; preview: boolean };
  template: {
    name: string;
    language: string;
    /** The values have names instead of places. */
    named: boolean;
    body: { name: string; text: string }[];
    header: { type: "none" | HeaderValue["type"]; name: string; text: string; link: string; filename: string };
    buttons: { index: number; type: ButtonAction["type"]; value: string }[];
    contentSid: string;
    variables: { name: string; value: string }[];
  };
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
    template: {
      name: "",
      language: "",
      named: false,
      body: [],
      header: { type: "none", name: "", text: "", link: "", filename: "" },
      buttons: [],
      contentSid: "",
      variables: [],
    },
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
  const { header, body = [], buttons = [], twilio } = content;
  return {
    ...values,
    kind: "template",
    template: {
      name: content.name,
      language: content.language,
      named: body.some(({ name }) => name) || (header?.type === "text" && Boolean(header.name)),
      body: body.map(({ name, text }) => ({ name: name ?? "", text })),
      header: header ? headerValues(header) : values.template.header,
      buttons: buttons.map((button) => ({ index: button.index, type: button.type, value: actionValue(button) })),
      contentSid: twilio?.content_sid ?? "",
      variables: Object.entries(twilio?.variables ?? {}).map(([name, value]) => ({ name, value })),
    },
  };
}

function headerValues(header: HeaderValue): ComposeValues["template"]["header"] {
  return header.type === "text"
    ? { type: "text", name: header.name ?? "", text: header.text, link: "", filename: "" }
    : { type: header.type, name: "", text: "", link: header.link, filename: header.filename ?? "" };
}

function actionValue(button: ButtonAction): string {
  switch (button.type) {
    case "url":
      return button.text;
    case "quick_reply":
      return button.payload;
    case "copy_code":
      return button.code;
  }
}

/** The form after its message is on its way: for the same person by the same way, its words taken out. */
export function nextValues(values: ComposeValues): ComposeValues {
  const { template } = values;
  return {
    ...values,
    text: { ...values.text, body: "" },
    template: {
      ...template,
      body: template.body.map(({ name }) => ({ name, text: "" })),
      header: { ...template.header, text: "", link: "", filename: "" },
      buttons: template.buttons.map((button) => ({ ...button, value: "" })),
      variables: template.variables.map(({ name }) => ({ name, value: "" })),
    },
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

export function contentOf(
  { kind, text, template, parted }: ComposeValues,
  can: Capabilities | undefined,
): Content {
  if (isParted(kind)) {
    return contentOfDraft(kind, parted[kind]);
  }
  if (kind === "text") {
    const preview = text.preview && (can?.text.preview_switch.supported ?? true);
    return { type: "text", body: text.body, ...(preview && { preview_url: true }) };
  }
  return { type: "template", ...templateOf(template, can) };
}

function templateOf(template: ComposeValues["template"], can: Capabilities | undefined): TemplateUse {
  const named = template.named && (can?.templates.named_variables.supported ?? true);
  const textValue = ({ name, text }: { name: string; text: string }) =>
    named ? { text, name: name.trim() } : { text };
  const { header, variables } = template;
  return {
    name: template.name.trim(),
    language: template.language.trim(),
    ...(header.type !== "none" && {
      header:
        header.type === "text"
          ? { type: "text" as const, ...textValue(header) }
          : {
              type: header.type,
              link: header.link.trim(),
              ...(header.type === "document" && header.filename.trim() && { filename: header.filename.trim() }),
            },
    }),
    ...(template.body.length > 0 && { body: template.body.map(textValue) }),
    ...(template.buttons.length > 0 && { buttons: template.buttons.map(buttonOf) }),
    ...(can?.templates.addressing === "content_sid" && {
      twilio: {
        content_sid: template.contentSid.trim(),
        ...(variables.length > 0 && {
          variables: Object.fromEntries(variables.map(({ name, value }) => [name.trim(), value])),
        }),
      },
    }),
  };
}

function buttonOf({ index, type, value }: ComposeValues["template"]["buttons"][number]) {
  switch (type) {
    case "url":
      return { index, type, text: value };
    case "quick_reply":
      return { index, type, payload: value };
    case "copy_code":
      return { index, type, code: value };
  }
}
