import type { TFunction } from "i18next";
import type {
  AnyContent,
  ButtonAction,
  Card,
  ContactCard,
  Content,
  Header,
  HeaderMedia,
  HeaderValue,
  InboundContent,
  InboundMedia,
  LocationContent,
  OrderItem,
} from "../api/schema.gen";

/** What a bubble draws of a message, whoever sent it and whatever carried it. */
export interface Face {
  header?: FaceHeader | undefined;
  media?: FaceMedia | undefined;
  place?: FacePlace | undefined;
  people?: readonly FacePerson[] | undefined;
  body?: string | undefined;
  footer?: string | undefined;
  /** In our words, where the message has none of its own. */
  note?: string | undefined;
  buttons?: readonly FaceButton[] | undefined;
  list?: FaceList | undefined;
  products?: readonly FaceProducts[] | undefined;
  cards?: readonly Face[] | undefined;
  /** Names and values, such as what fills a template or what was filled in. */
  values?: readonly (readonly [name: string, value: string])[] | undefined;
}

export interface FaceHeader {
  text?: string | undefined;
  media?: FaceMedia | undefined;
  place?: FacePlace | undefined;
  product?: string | undefined;
}

export interface FaceMedia {
  kind: "image" | "video" | "audio" | "document" | "sticker";
  /** Kept by the gateway. */
  id?: string | undefined;
  /** Elsewhere: named, never loaded. */
  link?: string | undefined;
  /** From where it may be loaded. */
  url?: string | undefined;
  filename?: string | undefined;
  voice?: boolean | undefined;
}

export interface FacePlace {
  latitude: number;
  longitude: number;
  name?: string | undefined;
  address?: string | undefined;
}

export interface FacePerson {
  name: string;
  lines: readonly string[];
}

export interface FaceButton {
  does: "reply" | "url" | "phone" | "copy" | "flow" | "catalog" | "location" | "address" | "contact";
  label: string;
  /** What comes back when it is pressed. */
  id?: string | undefined;
  url?: string | undefined;
  /** A template's quick reply: it answers by its label. */
  quick?: boolean | undefined;
}

export interface FaceList {
  button: string;
  sections: readonly { title?: string | undefined; rows: readonly FaceRow[] }[];
}

export interface FaceRow {
  id: string;
  title: string;
  description?: string | undefined;
}

export interface FaceProducts {
  title?: string | undefined;
  ids: readonly string[];
}

type T = TFunction<"domain">;

/** The face of a message as the API tells of it. */
export function faceOf(message: { direction: "inbound" | "outbound"; content: AnyContent }, t: T): Face {
  return message.direction === "inbound"
    ? inboundFace(message.content as InboundContent, t)
    : outboundFace(message.content as Content, t);
}

export function outboundFace(content: Content, t: T): Face {
  switch (content.type) {
    case "text":
      return { body: content.body };
    case "image":
    case "video":
      return { media: source(content.type, content), body: content.caption ?? undefined };
    case "document":
      return { media: source("document", content), body: content.caption ?? undefined };
    case "audio":
      return { media: { ...source("audio", content), voice: content.voice } };
    case "sticker":
      return { media: source("sticker", content) };
    case "location":
      return { place: place(content) };
    case "contacts":
      return { people: content.contacts.map(person) };
    case "reaction":
      return { note: reaction(content.emoji, t) };
    case "reply_buttons":
      return {
        ...sheet(content),
        buttons: content.buttons.map(({ id, title }) => ({ does: "reply", label: title, id })),
      };
    case "list":
      return {
        ...sheet({ ...content, header: content.header ? { type: "text", text: content.header } : null }),
        list: {
          button: content.button,
          sections: content.sections.map(({ title, rows }) => ({
            title: title ?? undefined,
            rows: rows.map((row) => ({ ...row, description: row.description ?? undefined })),
          })),
        },
      };
    case "cta_url":
      return { ...sheet(content), buttons: [{ does: "url", label: content.button, url: content.url }] };
    case "flow":
      return { ...sheet(content), buttons: [{ does: "flow", label: content.button }] };
    case "location_request":
      return { body: content.body, buttons: [{ does: "location", label: t("face.sendLocation") }] };
    case "address_request":
      return { body: content.body, buttons: [{ does: "address", label: t("face.giveAddress") }] };
    case "product":
      return { ...sheet(content), products: [{ ids: [content.product_id] }] };
    case "product_list":
      return {
        ...sheet({ ...content, header: { type: "text", text: content.header } }),
        products: content.sections.map(({ title, product_ids }) => ({ title, ids: product_ids })),
      };
    case "catalog":
      return { ...sheet(content), buttons: [{ does: "catalog", label: t("face.viewCatalog") }] };
    case "carousel":
      return { body: content.body, cards: content.cards.map(card) };
    case "template":
      return {
        note: `${content.name} · ${content.language}`,
        header: content.header ? headerValue(content.header) : undefined,
        values: [
          ...(content.body ?? []).map(({ name, text }, n) => [name || String(n + 1), text] as const),
          ...Object.entries(content.twilio?.variables ?? {}),
        ],
        buttons: (content.buttons ?? []).map((button) => ({
          does: does[button.type],
          label: t("face.button", { n: button.index + 1 }),
        })),
        cards: (content.cards ?? []).map(({ header, body }) => ({
          header: headerValue(header),
          values: (body ?? []).map(({ name, text }, n) => [name || String(n + 1), text] as const),
        })),
      };
    case "one_time_code":
      return {
        note: `${content.name} · ${content.language}`,
        body: content.code,
        buttons: [{ does: "copy", label: t("face.copyCode") }],
      };
  }
}

export function inboundFace(content: InboundContent, t: T): Face {
  switch (content.type) {
    case "text":
      return { body: content.body };
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return { media: received(content.type, content), body: content.caption ?? undefined };
    case "location":
      return { place: place(content) };
    case "contacts":
      return { people: content.contacts.map(person) };
    case "reaction":
      return { note: reaction(content.emoji ?? "", t) };
    case "button_reply":
      return { note: t("face.pressed"), body: content.title };
    case "list_reply":
      return { note: t("face.picked"), body: content.title, footer: content.description ?? undefined };
    case "flow_reply":
    case "address_reply":
      return {
        note: t(content.type === "flow_reply" ? "face.flowDone" : "face.addressGiven"),
        values: entries(content.response),
      };
    case "order":
      return {
        note: t("face.order", { count: content.items.length }),
        body: content.text || undefined,
        values: content.items.map(item),
      };
    case "system":
      return { note: content.body ?? t(`face.system.${content.event}`) };
    case "request_welcome":
      return { note: t("face.requestWelcome") };
    case "unsupported":
      return {
        note: content.kind ? t("face.unsupportedKind", { kind: content.kind }) : t("face.unsupported"),
        footer: content.reason ?? undefined,
      };
    case "deleted":
      return { note: t("phoneMark.deleted") };
    case "other":
      return { note: t("content.other", { kind: content.kind }) };
  }
}

const does: Record<ButtonAction["type"], FaceButton["does"]> = {
  url: "url",
  quick_reply: "reply",
  copy_code: "copy",
  flow: "flow",
  catalog: "catalog",
  products: "catalog",
};

function sheet(content: { header?: Header | null; body?: string | null; footer?: string | null }): Face {
  return {
    header: content.header ? header(content.header) : undefined,
    body: content.body ?? undefined,
    footer: content.footer ?? undefined,
  };
}

function header(from: Header): FaceHeader {
  return from.type === "text" ? { text: from.text } : { media: source(from.type, from) };
}

function headerValue(from: HeaderValue): FaceHeader {
  switch (from.type) {
    case "text":
      return { text: from.text };
    case "image":
    case "video":
    case "document":
      return { media: source(from.type, from) };
    case "location":
      return { place: place(from) };
    case "product":
      return { product: from.product_id };
  }
}

function card(from: Card): Face {
  switch (from.type) {
    case "url":
      return {
        header: { media: source(from.header.type, from.header) },
        body: from.body ?? undefined,
        buttons: [{ does: "url", label: from.button, url: from.url }],
      };
    case "reply_buttons":
      return {
        header: { media: source(from.header.type, from.header) },
        body: from.body ?? undefined,
        buttons: from.buttons.map(({ id, title }) => ({ does: "reply", label: title, id })),
      };
    case "product":
      return { products: [{ ids: [from.product_id] }] };
  }
}

function source(kind: FaceMedia["kind"], from: HeaderMedia): FaceMedia {
  return {
    kind,
    id: from.media_id ?? undefined,
    link: from.link ?? undefined,
    filename: from.filename ?? undefined,
  };
}

function received(kind: FaceMedia["kind"], from: InboundMedia): FaceMedia {
  return { kind, id: from.media_id ?? undefined, filename: from.filename ?? undefined, voice: from.voice };
}

function place({ latitude, longitude, name, address }: LocationContent): FacePlace {
  return { latitude, longitude, name: name ?? undefined, address: address ?? undefined };
}

function person({ name, phones = [], emails = [], org }: ContactCard): FacePerson {
  const lines = [org?.company, ...phones.map(({ phone }) => phone), ...emails.map(({ email }) => email)];
  return { name: name.formatted_name, lines: lines.filter((line) => line != null && line !== "") as string[] };
}

function reaction(emoji: string, t: T): string {
  return emoji === "" ? t("face.reactionRemoved") : t("face.reaction", { emoji });
}

function item({ product_id, quantity, price_micros, currency }: OrderItem): readonly [string, string] {
  const price = price_micros != null && currency ? ` × ${price_micros / 1_000_000} ${currency}` : "";
  return [product_id, `${quantity}${price}`];
}

function entries(response: Record<string, unknown>): [string, string][] {
  return Object.entries(response).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
}
