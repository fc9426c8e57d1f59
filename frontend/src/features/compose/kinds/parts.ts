import type { Content, MediaKind } from "../../../api/schema.gen";

/** Kinds whose form is made of parts; text and templates have forms of their own. */
export type PartedKind = Exclude<Content["type"], "text" | "template">;

/** One field of a kind. `name` is its name in the API; dots lead into an object. */
export type Part = { name: string; optional?: boolean; when?: { name: string; is: readonly string[] } } & (
  | { as: "line" | "area" | "number" | "switch" }
  /** Several lines of text, one for each entry. */
  | { as: "entries" }
  /** An object written as JSON. */
  | { as: "json" }
  | { as: "choice"; options: readonly string[] }
  /** Uploaded here or at an address; its members stand beside the others. */
  | { as: "media"; kind: MediaKind; filename?: boolean }
  /** What stands above the body. */
  | { as: "header"; kinds: readonly ("none" | "text" | "image" | "video" | "document")[] }
  | { as: "rows"; of: readonly Part[]; start: number }
);

/** What is typed, by the names of the parts. */
export interface Draft {
  [name: string]: DraftValue;
}

export type DraftValue = string | boolean | MediaDraft | HeaderDraft | Draft[] | Kept;

/** Under this name a row holds what a message that is sent again had there and the form does not ask for. No part is called so. */
export const KEPT = "";

export interface Kept {
  readonly members: Readonly<Record<string, unknown>>;
}

export interface MediaDraft {
  from: "upload" | "link";
  id: string;
  /** Of the upload, to be shown. */
  uploaded: string;
  link: string;
  filename: string;
}

export interface HeaderDraft {
  type: string;
  text: string;
  media: MediaDraft;
}

const line = (name: string, optional = false): Part => ({ name, as: "line", optional });
const area = (name: string, optional = false): Part => ({ name, as: "area", optional });
const buttons: Part = { name: "buttons", as: "rows", start: 2, of: [line("id"), line("title")] };
const header: Part = { name: "header", as: "header", kinds: ["none", "text", "image", "video", "document"] };
const footer = line("footer", true);

export const parts: Record<PartedKind, readonly Part[]> = {
  image: [{ name: "media", as: "media", kind: "image" }, area("caption", true)],
  video: [{ name: "media", as: "media", kind: "video" }, area("caption", true)],
  audio: [
    { name: "media", as: "media", kind: "audio" },
    { name: "voice", as: "switch" },
  ],
  document: [{ name: "media", as: "media", kind: "document", filename: true }, area("caption", true)],
  sticker: [{ name: "media", as: "media", kind: "sticker" }],
  location: [
    { name: "latitude", as: "number" },
    { name: "longitude", as: "number" },
    line("name", true),
    line("address", true),
  ],
  contacts: [
    {
      name: "contacts",
      as: "rows",
      start: 1,
      of: [
        line("name.formatted_name"),
        line("name.first_name"),
        line("org.company", true),
        { name: "phones", as: "rows", start: 1, of: [line("phone"), line("wa_id", true)] },
        { name: "emails", as: "rows", start: 0, of: [line("email")] },
      ],
    },
  ],
  reaction: [line("message_id"), line("emoji", true)],
  reply_buttons: [header, area("body"), footer, buttons],
  list: [
    line("header", true),
    area("body"),
    footer,
    line("button"),
    {
      name: "sections",
      as: "rows",
      start: 1,
      of: [
        line("title", true),
        { name: "rows", as: "rows", start: 2, of: [line("id"), line("title"), line("description", true)] },
      ],
    },
  ],
  cta_url: [header, area("body"), footer, line("button"), line("url")],
  flow: [
    header,
    area("body"),
    footer,
    line("button"),
    line("flow_id", true),
    line("flow_name", true),
    line("flow_token", true),
    { name: "action", as: "choice", options: ["navigate", "data_exchange"] },
    { ...line("screen", true), when: { name: "action", is: ["navigate"] } },
    { name: "data", as: "json", optional: true, when: { name: "action", is: ["navigate"] } },
    { name: "draft", as: "switch" },
  ],
  location_request: [area("body")],
  address_request: [area("body"), line("country"), { name: "values", as: "json", optional: true }],
  product: [area("body", true), footer, line("catalog_id"), line("product_id")],
  product_list: [
    line("header"),
    area("body"),
    footer,
    line("catalog_id"),
    {
      name: "sections",
      as: "rows",
      start: 1,
      of: [line("title"), { name: "product_ids", as: "entries" }],
    },
  ],
  catalog: [area("body"), footer, line("thumbnail_product_id", true)],
  carousel: [
    area("body"),
    {
      name: "cards",
      as: "rows",
      start: 2,
      of: [
        { name: "type", as: "choice", options: ["url", "reply_buttons", "product"] },
        {
          name: "header",
          as: "header",
          kinds: ["image", "video"],
          when: { name: "type", is: ["url", "reply_buttons"] },
        },
        { ...area("body", true), when: { name: "type", is: ["url", "reply_buttons"] } },
        { ...line("button"), when: { name: "type", is: ["url"] } },
        { ...line("url"), when: { name: "type", is: ["url"] } },
        { ...buttons, when: { name: "type", is: ["reply_buttons"] } },
        { ...line("catalog_id"), when: { name: "type", is: ["product"] } },
        { ...line("product_id"), when: { name: "type", is: ["product"] } },
      ],
    },
  ],
  one_time_code: [line("name"), line("language"), line("code")],
};

/** An empty draft of these parts. */
export function emptyDraft(of: readonly Part[]): Draft {
  return Object.fromEntries(of.map((part) => [part.name, emptyValue(part)]));
}

function emptyValue(part: Part): DraftValue {
  switch (part.as) {
    case "switch":
      return false;
    case "media":
      return emptyMedia();
    case "header":
      return { type: part.kinds[0] ?? "none", text: "", media: emptyMedia() };
    case "choice":
      return part.options[0] ?? "";
    case "rows":
      return Array.from({ length: part.start }, () => emptyDraft(part.of));
    default:
      return "";
  }
}

export function emptyMedia(): MediaDraft {
  return { from: "upload", id: "", uploaded: "", link: "", filename: "" };
}

/** Whether a part is asked for, given what the others say. */
export function isAsked(part: Part, draft: Draft): boolean {
  return part.when === undefined || part.when.is.includes(String(draft[part.when.name]));
}
