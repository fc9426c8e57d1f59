import type { FieldPath } from "react-hook-form";
import type { Capabilities, FieldError } from "../../api/schema.gen";
import { parts as partsOf } from "./kinds/parts";
import { placeOf } from "./kinds/paths";
import {
  type ButtonDraft,
  type CardDraft,
  goesByNames,
  type HeaderDraft,
  isGiven,
  storesContent,
  type TemplateValues,
} from "./template/template-values";
import { type ComposeValues, isParted } from "./values";

type Path = FieldPath<ComposeValues>;

/** The form's field for a field of the request; none for what the form does not show. */
export function fieldOf(field: string, values: ComposeValues, can?: Capabilities): Path | undefined {
  const fixed = FIXED[values.kind]?.[field] ?? COMMON[field];
  if (fixed || values.kind !== "template") {
    return fixed;
  }
  return templateField(field, values.template, can);
}

function templateField(field: string, template: TemplateValues, can: Capabilities | undefined): Path | undefined {
  const known = template.chosen !== "";
  if (field === "content.name" || field === "content.language") {
    // Of a known template both are said by choosing it.
    return known ? "template.chosen" : field === "content.name" ? "template.name" : "template.language";
  }
  const [, ofContent] = /^content\.twilio(?:\.(.+))?$/.exec(field) ?? [];
  if (field.startsWith("content.twilio")) {
    return storesContent(template, can) ? contentField(ofContent ?? "content_sid", template) : undefined;
  }
  return filledField(field, template, { known, named: !known && goesByNames(template, can) });
}

function contentField(field: string, { variables }: TemplateValues): Path | undefined {
  if (field === "content_sid") {
    return "template.contentSid";
  }
  const variable = /^variables\.(.+)$/.exec(field)?.[1];
  const n = variables.findIndex(({ name }) => name.trim() === variable);
  return n < 0 ? undefined : `template.variables.${n}.value`;
}

interface Shown {
  /** The template says itself which parts it has: they are not asked for. */
  known: boolean;
  /** Values have a field for their name. */
  named: boolean;
}

/** Fields that the template itself and each of its cards has. */
function filledField(field: string, template: TemplateValues, shown: Shown): Path | undefined {
  const [, inCard, rest = ""] = /^content\.(?:cards\[(\d+)\]\.)?(.+)$/.exec(field) ?? [];
  const card = Number(inCard ?? Number.NaN);
  const of: CardDraft | undefined = inCard === undefined ? template : template.cards[card];
  const at = inCard === undefined ? ("template" as const) : (`template.cards.${card}` as const);
  if (!of) {
    return undefined;
  }
  const [header, member = ""] = /^header(?:\.(.+))?$/.exec(rest) ?? [];
  if (header) {
    const part = headerPart(member, of.header, shown);
    return part && `${at}.header.${part}`;
  }
  const [, list, place = "0", name = ""] = /^(body|buttons)\[(\d+)\](?:\.(.+))?$/.exec(rest) ?? [];
  const n = Number(place);
  if (list === "body" && n in of.body) {
    return `${at}.body.${n}.${name === "name" && shown.named ? "name" : "text"}`;
  }
  // The server counts those that were sent.
  const button = list === "buttons" ? of.buttons.filter(isGiven)[n] : undefined;
  const part = button && buttonPart(name, button, shown);
  return button && part && `${at}.buttons.${of.buttons.indexOf(button)}.${part}`;
}

type HeaderPart = Exclude<keyof HeaderDraft, "media" | "fixed"> | "media.id" | "media.link" | "media.filename";

/** The form's names for the members of a header's value. */
const HEADER: Partial<Record<string, HeaderPart>> = {
  text: "text",
  media_id: "media.id",
  link: "media.link",
  filename: "media.filename",
  latitude: "latitude",
  longitude: "longitude",
  address: "address",
  catalog_id: "catalog",
  product_id: "product",
};

/** The field at which a known template's header as a whole is complained of. */
const FIRST: Record<HeaderDraft["type"], HeaderPart | undefined> = {
  none: undefined,
  text: "text",
  image: "media.id",
  video: "media.id",
  document: "media.id",
  location: "latitude",
  product: "catalog",
};

function headerPart(member: string, { type, fixed }: HeaderDraft, { known, named }: Shown): HeaderPart | undefined {
  if (known && (fixed || type === "none" || member === "type")) {
    return undefined;
  }
  if (member === "" || member === "type") {
    return known ? FIRST[type] : "type";
  }
  if (member === "name") {
    return type === "location" ? "place" : named ? "name" : "text";
  }
  return HEADER[member];
}

type ButtonPart = "index" | "value" | "data" | `sections.${number}.${"title" | "products"}`;

function buttonPart(name: string, { type, sections }: ButtonDraft, { known }: Shown): ButtonPart | undefined {
  if (name === "index") {
    return known ? undefined : "index";
  }
  if (name === "data" && type === "flow") {
    return "data";
  }
  const [, section, member = ""] = /^sections\[(\d+)\](?:\.(.+))?$/.exec(name) ?? [];
  return section !== undefined && Number(section) in sections
    ? `sections.${Number(section)}.${member === "title" ? "title" : "products"}`
    : "value";
}

type Fields = Record<string, Path>;

const COMMON: Fields = {
  to: "to",
  channel_id: "channel",
  provider: "channel",
  client_reference: "reference",
  reply_to_id: "replyTo",
  degrade: "degrade",
  content: "kind",
  "content.type": "kind",
  send_at: "sendAt",
  expires_at: "expires",
  ignore_quiet_hours: "ignoreQuietHours",
  fallback: "fallback",
  "fallback.mode": "fallback",
  "fallback.template": "fallbackTemplate",
};

const FIXED: Partial<Record<ComposeValues["kind"], Fields>> = {
  text: { "content.body": "text.body", "content.preview_url": "text.preview" },
  template: { "content.offer_expires_at": "template.offer" },
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
  can?: Capabilities,
): {
  placed: { field: Path; message: string }[];
  /** By the path below `content`, for kinds that are made of parts. */
  parts: Record<string, string>;
  rest: FieldError[];
} {
  const placed: { field: Path; message: string }[] = [];
  const parts: Record<string, string> = {};
  const rest: FieldError[] = [];
  for (const error of errors) {
    const field = fieldOf(error.field, values, can);
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
