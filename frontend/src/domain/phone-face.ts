import type { TFunction } from "i18next";
import type { PhoneButton, PhoneContent, PhoneFile, PhoneHeader, PhonePlace, PhoneSheet } from "../api/schema.gen";
import type { Face, FaceButton, FaceHeader, FaceMedia, FacePerson, FacePlace } from "./face";

type T = TFunction<"domain">;

/** From where a file on the virtual phone may be loaded; none for what is elsewhere. */
export type UrlOfFile = (path: string) => string | undefined;

/** The face of a message as the virtual phone has it: what a template says is filled in there. */
export function phoneFace(content: PhoneContent, urlOf: UrlOfFile, t: T): Face {
  const medium = (kind: FaceMedia["kind"], file: PhoneFile) => mediumOf(kind, file, urlOf);
  const sheet = (from: PhoneSheet) => sheetOf(from, urlOf, t);
  switch (content.kind) {
    case "text":
      return { body: content.text };
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return { media: medium(content.kind, content), body: content.caption ?? undefined };
    case "location":
      return { place: placeOf(content) };
    case "contacts":
      return { people: content.contacts.map(personOf) };
    case "reaction":
      return { note: content.emoji ? t("face.reaction", { emoji: content.emoji }) : t("face.reactionRemoved") };
    case "buttons":
    case "cta_url":
    case "flow":
    case "interactive":
      return sheet(content);
    case "location_request":
      return { ...sheet(content), buttons: [{ does: "location", label: t("face.sendLocation") }] };
    case "address":
      return { ...sheet(content), buttons: [{ does: "address", label: t("face.giveAddress") }] };
    case "catalog":
      return { ...sheet(content), buttons: [{ does: "catalog", label: t("face.viewCatalog") }] };
    case "list":
      return {
        ...sheet(content),
        list: {
          button: content.button,
          sections: content.sections.map(({ title, rows }) => ({
            title: title ?? undefined,
            rows: rows.map((row) => ({ ...row, description: row.description ?? undefined })),
          })),
        },
      };
    case "product":
      return { ...sheet(content), products: [{ ids: [content.product_retailer_id] }] };
    case "product_list":
      return {
        ...sheet(content),
        products: content.sections.map(({ title, product_retailer_ids }) => ({
          title: title ?? undefined,
          ids: product_retailer_ids,
        })),
      };
    case "carousel":
      return { body: content.body, cards: content.cards.map(sheet) };
    case "template":
      return {
        ...sheet(content),
        ...(content.offer && { note: content.offer.text }),
        cards: (content.cards ?? []).map(sheet),
      };
    case "button":
      return { note: t("face.pressed"), body: content.text };
    case "button_reply":
      return { note: t("face.pressed"), body: content.title };
    case "list_reply":
      return { note: t("face.picked"), body: content.title, footer: content.description ?? undefined };
    case "flow_reply":
      return {
        note: t(content.name === "address_message" ? "face.addressGiven" : "face.flowDone"),
        body: content.response_json,
      };
    case "order":
      return { note: t("face.order", { count: content.product_items.length }), body: content.text || undefined };
    case "number_change":
    case "identity_change":
      return { note: content.body };
    case "request_welcome":
      return { note: t("face.requestWelcome") };
    case "unsupported":
      return { note: t("face.unsupportedKind", { kind: content.type }) };
    case "unknown":
      return { note: t("content.other", { kind: content.type }) };
    case "edit":
      return { body: content.text };
    case "revoke":
      return {};
  }
}

function sheetOf({ header, body, footer, buttons = [] }: PhoneSheet, urlOf: UrlOfFile, t: T): Face {
  return {
    header: header ? headerOf(header, urlOf) : undefined,
    body: body || undefined,
    footer: footer ?? undefined,
    buttons: buttons.map((button) => buttonOf(button, t)),
  };
}

function headerOf(header: PhoneHeader, urlOf: UrlOfFile): FaceHeader {
  switch (header.type) {
    case "text":
      return { text: header.text };
    case "image":
    case "video":
    case "document":
      return { media: mediumOf(header.type, header, urlOf) };
    case "location":
      return { place: placeOf(header) };
    case "product":
      return { product: header.product_retailer_id };
  }
}

const does: Record<PhoneButton["type"], FaceButton["does"]> = {
  reply: "reply",
  quick_reply: "reply",
  url: "url",
  phone_number: "phone",
  voice_call: "phone",
  copy_code: "copy",
  flow: "flow",
  catalog: "catalog",
  mpm: "catalog",
  request_contact_info: "contact",
  location: "location",
};

function buttonOf({ type, text, id, payload, url }: PhoneButton, t: T): FaceButton {
  return {
    does: does[type],
    label: text || t("face.button", { n: 1 }),
    id: id ?? payload ?? undefined,
    url: url ?? undefined,
    quick: type === "quick_reply",
  };
}

function placeOf({ latitude, longitude, name, address }: PhonePlace): FacePlace {
  return { latitude, longitude, name: name ?? undefined, address: address ?? undefined };
}

/** Files at the simulator come through the gateway; a link of the business is named and not loaded. */
function mediumOf(kind: FaceMedia["kind"], file: PhoneFile, urlOf: UrlOfFile): FaceMedia {
  const own = file.url ? urlOf(file.url) : undefined;
  return {
    kind,
    url: own,
    link: own ? undefined : (file.url ?? undefined),
    filename: file.filename ?? undefined,
    voice: file.voice,
  };
}

/** Cards are Meta's own objects. */
function personOf(card: Record<string, unknown>): FacePerson {
  const name = card["name"] as { formatted_name?: string } | undefined;
  const phones = (card["phones"] as { phone?: string }[] | undefined) ?? [];
  return { name: name?.formatted_name ?? "", lines: phones.map(({ phone }) => phone ?? "").filter(Boolean) };
}
