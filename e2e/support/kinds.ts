// One message of each kind, as a program would send it.

import type { Content, CustomerContent, Kind } from "../../frontend/src/api/schema.gen.ts";

/** The message that reactions and replies are about is not known beforehand. */
export type Sample = (earlier: string) => Content;

const address = "https://acme.example/1.jpg";

/** A PNG of four points: red, green and blue, eight bits each, as Meta wants it. */
export const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGNQaEgAIgYIBQAbDgQBxRDLiwAAAABJRU5ErkJggg==",
  "base64",
);

/** A new kind does not compile until it has its sample. */
export const samples: { [K in Kind]: Sample } = {
  text: () => ({ type: "text", body: "Your parcel is on its way: https://acme.example/t/9", preview_url: true }),
  image: () => ({ type: "image", link: address, caption: "Front view" }),
  video: () => ({ type: "video", link: "https://acme.example/v/demo.mp4", caption: "Demo" }),
  audio: () => ({ type: "audio", link: "https://acme.example/a/hello.ogg" }),
  document: () => ({ type: "document", link: "https://acme.example/d/inv-77.pdf" }),
  sticker: () => ({ type: "sticker", link: "https://acme.example/s/hello.webp" }),
  location: () => ({ type: "location", latitude: 51.5034, longitude: -0.1276, name: "Acme shop" }),
  contacts: () => ({
    type: "contacts",
    contacts: [
      {
        name: { formatted_name: "Ada Byron", first_name: "Ada" },
        phones: [{ phone: "+447700900456", type: "Mobile", wa_id: "447700900456" }],
        emails: [{ email: "ada@acme.example", type: "Work" }],
      },
    ],
  }),
  reaction: (earlier) => ({ type: "reaction", message_id: earlier, emoji: "👍" }),
  reply_buttons: () => ({
    type: "reply_buttons",
    body: "Keep Friday 10:00?",
    buttons: [
      { id: "appt:77:keep", title: "Keep" },
      { id: "appt:77:move", title: "Move" },
    ],
  }),
  list: () => ({
    type: "list",
    body: "Choose a slot",
    button: "Slots",
    sections: [
      {
        rows: [
          { id: "slot:1", title: "10:00", description: "Room 1" },
          { id: "slot:2", title: "11:30", description: "Room 2" },
        ],
      },
    ],
  }),
  cta_url: () => ({ type: "cta_url", body: "Track your parcel", button: "Track", url: "https://acme.example/t/9" }),
  flow: () => ({
    type: "flow",
    body: "Book a visit",
    button: "Book now",
    flow_id: "800000000000001",
    flow_token: "gw-flow-77",
    action: "navigate",
    screen: "FIRST",
  }),
  location_request: () => ({ type: "location_request", body: "Where shall we meet you?" }),
  address_request: () => ({ type: "address_request", body: "Where shall we deliver?", country: "IN" }),
  product: () => ({ type: "product", body: "As you asked", catalog_id: "900000000000001", product_id: "sku-1" }),
  product_list: () => ({
    type: "product_list",
    header: "Teas",
    body: "Our picks",
    catalog_id: "900000000000001",
    sections: [{ title: "Green", product_ids: ["sku-1", "sku-2"] }],
  }),
  catalog: () => ({ type: "catalog", body: "Browse everything", thumbnail_product_id: "sku-1" }),
  carousel: () => ({
    type: "carousel",
    body: "New in",
    cards: [
      { type: "url", header: { type: "image", link: address }, body: "Sencha", button: "Buy", url: address },
      { type: "url", header: { type: "image", link: address }, body: "Assam", button: "Buy", url: address },
    ],
  }),
  template: () => ({
    type: "template",
    name: "order_shipped",
    language: "en_GB",
    header: { type: "document", link: "https://acme.example/d/inv-77.pdf" },
    body: [{ text: "Ada" }, { text: "77" }],
    buttons: [{ type: "url", index: 0, text: "t/9" }],
  }),
  one_time_code: () => ({ type: "one_time_code", name: "login_code", language: "en_US", code: "493817" }),
};

/** What a customer does on the phone. */
export interface Act {
  content: CustomerContent;
  /** The message that has to be on the phone first: its button is pressed. */
  answers?: Kind;
}

/** One of each thing that a customer can do; `earlier` and `own` are the provider's ids of a message of the business and of the customer. */
export function acts(earlier: string, own: string): Act[] {
  return [
    { content: { kind: "text", text: "Is it ready?" } },
    { content: { kind: "image", caption: "Like this" } },
    { content: { kind: "video" } },
    { content: { kind: "audio", voice: true } },
    { content: { kind: "document", filename: "cv.pdf" } },
    { content: { kind: "sticker" } },
    { content: { kind: "location", latitude: 51.5034, longitude: -0.1276, name: "Acme shop" } },
    {
      content: {
        kind: "contacts",
        contacts: [{ name: { formatted_name: "Ada Byron", first_name: "Ada" }, phones: [{ phone: "+447700900456" }] }],
      },
    },
    { content: { kind: "reaction", message_id: earlier, emoji: "🙏" } },
    { content: { kind: "button_reply", id: "appt:77:keep" }, answers: "reply_buttons" },
    { content: { kind: "list_reply", id: "slot:1" }, answers: "list" },
    { content: { kind: "flow_reply", response_json: { slot: "10:00" } }, answers: "flow" },
    {
      content: {
        kind: "order",
        catalog_id: "900000000000001",
        text: "Please wrap it",
        product_items: [{ product_retailer_id: "sku-1", quantity: 2, item_price: 4.5, currency: "GBP" }],
      },
    },
    { content: { kind: "identity_change" } },
    { content: { kind: "request_welcome" } },
    { content: { kind: "unsupported", type: "poll_creation" } },
    { content: { kind: "unknown", type: "hologram", value: { depth: "3" } } },
    { content: { kind: "edit", message_id: own, text: "Is it ready now?" } },
    { content: { kind: "revoke", message_id: own } },
    // The last one: the person has another number from then on.
    { content: { kind: "number_change", new_number: "+447700900789" } },
  ];
}
