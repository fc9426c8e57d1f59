import type { FieldPath } from "react-hook-form";
import type { FieldError } from "../../api/schema.gen";
import { parts as partsOf } from "./kinds/parts";
import { placeOf } from "./kinds/paths";
import type { TemplateValues } from "./template/template-values";
import { type ComposeValues, isParted } from "./values";

/** The form's field for a field of the request; none for what the form does not show. */
export function fieldOf(field: string, values: ComposeValues): FieldPath<ComposeValues> | undefined {
  const fixed = FIXED[values.kind]?.[field] ?? COMMON[field];
  if (fixed) {
    return fixed;
  }
  if (values.kind !== "template") {
    return undefined;
  }
  const filled = filledField(field, values.template);
  if (filled) {
    return filled;
  }
  const variable = /^content\.twilio\.variables\.(.+)$/.exec(field)?.[1];
  const n = values.template.variables.findIndex(({ name }) => name.trim() === variable);
  return n < 0 ? undefined : `template.variables.${n}.value`;
}

/** Fields that the template itself and each of its cards has. */
function filledField(field: string, template: TemplateValues): FieldPath<ComposeValues> | undefined {
  const [, inCard, rest = ""] = /^content\.(?:cards\[(\d+)\]\.)?(.+)$/.exec(field) ?? [];
  const card = Number(inCard ?? Number.NaN);
  const of = inCard === undefined ? template : template.cards[card];
  const at = inCard === undefined ? ("template" as const) : (`template.cards.${card}` as const);
  const part = HEADER[/^header(?:\.(.+))?$/.exec(rest)?.[1] ?? (rest === "header" ? "type" : "")];
  if (of && part) {
    return `${at}.header.${part}`;
  }
  const [, list, place = "0", name = ""] = /^(body|buttons)\[(\d+)\](?:\.(.+))?$/.exec(rest) ?? [];
  const n = Number(place);
  if (!of || !list || !(n in of[list as "body" | "buttons"])) {
    return undefined;
  }
  if (list === "body") {
    return `${at}.body.${n}.${name === "name" ? "name" : "text"}`;
  }
  const [, section, member = ""] = /^sections\[(\d+)\](?:\.(.+))?$/.exec(name) ?? [];
  if (section !== undefined && Number(section) in (of.buttons[n]?.sections ?? [])) {
    const line = Number(section);
    return `${at}.buttons.${n}.sections.${line}.${member === "title" ? "title" : "products"}`;
  }
  return `${at}.buttons.${n}.${name === "index" || name === "data" ? name : "value"}`;
}

/** The form's names for the members of a header's value. */
const HEADER: Partial<Record<string, keyof TemplateValues["header"] | "media.id" | "media.link" | "media.filename">> = {
  type: "type",
  text: "text",
  name: "name",
  media_id: "media.id",
  link: "media.link",
  filename: "media.filename",
  latitude: "latitude",
  longitude: "longitude",
  address: "address",
  catalog_id: "catalog",
  product_id: "product",
};

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
    "content.offer_expires_at": "template.offer",
    "content.twilio": "template.contentSid",
    "content.twilio.content_sid": "template.contentSid",
  },
};

/** The path below `content` at which a form that is made of parts shows it. */
function partOf(field: string, { kind, parted }: ComposeValues): string | undefined {
  const path = /^content\.(.+)$/.exec(field)?.[1];
  return path !== undefined && isParted(kind) ? placeOf(path, partsOf[kind], parted[kind]) : undefined;
}

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
    const part = field ? undefined : partOf(error.field, values);
    if (part !== undefined) {
      parts[part] ??= error.message;
    } else if (!field) {
      rest.push(error);
    } else if (!placed.some((other) => other.field === field)) {
      placed.push({ field, message: error.message });
    }
  }
  return { placed, parts, rest };
}
