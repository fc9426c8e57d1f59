import type { CustomerContent } from "../../api/schema.gen";

/** What a customer can send besides words, as an example of each. */
export type OtherKind = Exclude<
  CustomerContent["kind"],
  "text" | "button" | "button_reply" | "list_reply" | "flow_reply" | "reaction" | "edit" | "revoke"
>;

const samples: { [K in OtherKind]: Extract<CustomerContent, { kind: K }> } = {
  image: { kind: "image", caption: "Like this" },
  video: { kind: "video" },
  audio: { kind: "audio", voice: true },
  document: { kind: "document", filename: "order-77.pdf" },
  sticker: { kind: "sticker" },
  location: { kind: "location", latitude: 51.5034, longitude: -0.1276, name: "Acme shop" },
  contacts: {
    kind: "contacts",
    contacts: [
      {
        name: { formatted_name: "Ada Byron", first_name: "Ada" },
        phones: [{ phone: "+447700900456", wa_id: "447700900456", type: "CELL" }],
      },
    ],
  },
  order: {
    kind: "order",
    catalog_id: "900000000000001",
    text: "",
    product_items: [{ product_retailer_id: "sku-1", quantity: 2, item_price: 4.5, currency: "GBP" }],
  },
  number_change: { kind: "number_change", new_number: "+447700900999" },
  identity_change: { kind: "identity_change" },
  request_welcome: { kind: "request_welcome" },
  unsupported: { kind: "unsupported", type: "poll_creation" },
  unknown: { kind: "unknown", type: "hologram", value: { depth: 3 } },
};

export const otherKinds = Object.keys(samples) as OtherKind[];

/** The example of a kind; `words` stand where it can have some. */
export function sampleOf(kind: OtherKind, words: string): CustomerContent {
  const sample = samples[kind];
  return words.trim() !== "" && (kind === "image" || kind === "video" || kind === "document")
    ? { ...sample, kind, caption: words }
    : sample;
}
