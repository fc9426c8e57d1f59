import type { FieldPath } from "react-hook-form";
import type { FieldError } from "../../api/schema.gen";
import { type ComposeValues, isParted } from "./values";

/** The form's field for a field of the request; none for what the form does not show. */
export function fieldOf(field: string, values: ComposeValues): FieldPath<ComposeValues> | undefined {
  const fixed = FIXED[values.kind]?.[field] ?? COMMON[field];
  if (fixed) {
    return fixed;
  }
  const row = /^content\.(body|buttons)\[(\d+)\](?:\.(\w+))?$/.exec(field);
  if (row) {
    const [, list, at = "0", part] = row;
    const n = Number(at);
    if (list === "body") {
      return n in values.template.body ? `template.body.${n}.${part === "name" ? "name" : "text"}` : undefined;
    }
    return n in values.template.buttons ? `template.buttons.${n}.${part === "index" ? "index" : "value"}` : undefined;
  }
  const variable = /^content\.twilio\.variables\.(.+)$/.exec(field)?.[1];
  const n = values.template.variables.findIndex(({ name }) => name.trim() === variable);
  return n < 0 ? undefined : `template.variables.${n}.value`;
}

type Fields = Record<string, FieldPath<ComposeValues>>;

const COMMON: Fields = {
  to: "to",
  channel_id: "channel",
  provider: "channel",
  client_reference: "reference",
  reply_to_id: "replyTo",
  degrade: "degrade",
  content: "kind",
  "content.type": "kind",
  expires_at: "expires",
};

const FIXED: Partial<Record<ComposeValues["kind"], Fields>> = {
  text: { "content.body": "text.body", "content.preview_url": "text.preview" },
  template: {
    "content.name": "template.name",
    "content.language": "template.language",
    "content.header": "template.header.type",
    "content.header.text": "template.header.text",
    "content.header.name": "template.header.name",
    "content.header.link": "template.header.link",
    "content.header.filename": "template.header.filename",
    "content.twilio": "template.contentSid",
    "content.twilio.content_sid": "template.contentSid",
  },
};

/** The server's complaints, each at its field; what has no field in the form is told as it is. */
export function sortErrors(
  errors: readonly FieldError[],
  values: ComposeValues,
): {
  placed: { field: FieldPath<ComposeValues>; message: string }[];
  /** By the path below `content`, for kinds that are made of parts. */
  parts: Record<string, string>;
  rest: FieldError[];
} {
  const placed: { field: FieldPath<ComposeValues>; message: string }[] = [];
  const parts: Record<string, string> = {};
  const rest: FieldError[] = [];
  for (const error of errors) {
    const field = fieldOf(error.field, values);
    const part = /^content\.(.+)$/.exec(error.field)?.[1];
    if (!field && part && isParted(values.kind)) {
      parts[part] ??= error.message;
    } else if (!field) {
      rest.push(error);
    } else if (!placed.some((other) => other.field === field)) {
      placed.push({ field, message: error.message });
    }
  }
  return { placed, parts, rest };
}
