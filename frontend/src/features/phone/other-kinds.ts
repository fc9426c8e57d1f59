import type { CustomerContent } from "../../api/schema.gen";
import { inOrder } from "../../lib/in-order";

/** What a customer can send by itself; the rest is done with a message that is there. */
export type OtherKind = Exclude<
  CustomerContent["kind"],
  "button" | "button_reply" | "list_reply" | "flow_reply" | "reaction" | "edit" | "revoke"
>;

/** An example of each. */
export const samples: { [K in OtherKind]: Extract<CustomerContent, { kind: K }> } = {
  text: { kind: "text", text: "Is it ready?" },
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

const order: Record<OtherKind, number> = {
  image: 1,
  video: 2,
  audio: 3,
  document: 4,
  sticker: 5,
  location: 6,
  contacts: 7,
  order: 8,
  text: 9,
  request_welcome: 10,
  number_change: 11,
  identity_change: 12,
  unsupported: 13,
  unknown: 14,
};

export const otherKinds = inOrder(order);
