import type { FieldPath } from "react-hook-form";
import type { FieldError } from "../../api/schema.gen";
import type { ComposeValues } from "./values";

/** The form's field for a field of the request; none for what the form does not show. */
export function fieldOf(field: string, values: ComposeValues): FieldPath<ComposeValues> | undefined {
  const fixed = FIXED[values.kind][field] ?? COMMON[field];
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
  expires_at: "expires",
};

const FIXED: Record<ComposeValues["kind"], Fields> = {
  text: { content: "kind", "content.type": "kind", "content.body": "text.body", "content.preview_url": "text.preview" },
  template: {
    content: "kind",
    "content.type": "kind",
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
): { placed: { field: FieldPath<ComposeValues>; message: string }[]; rest: FieldError[] } {
  const placed: { field: FieldPath<ComposeValues>; message: string }[] = [];
  const rest: FieldError[] = [];
  for (const error of errors) {
    const field = fieldOf(error.field, values);
    if (!field) {
      rest.push(error);
    } else if (!placed.some((other) => other.field === field)) {
      placed.push({ field, message: error.message });
    }
  }
  return { placed, rest };
}
