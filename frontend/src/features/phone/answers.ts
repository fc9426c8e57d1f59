import type { CustomerContent } from "../../api/schema.gen";
import type { FaceButton } from "../../domain/face";
import { samples } from "./other-kinds";

/**
 * What comes of a button at once; nothing where it leads out of WhatsApp or asks for something first. `orders`: whether the
 * provider hands orders on.
 */
export function pressed({ does, id, label, quick }: FaceButton, orders: boolean): CustomerContent | undefined {
  switch (does) {
    case "reply":
      return quick
        ? { kind: "button", text: label, ...(id && { payload: id }) }
        : { kind: "button_reply", id: id ?? label };
    case "location":
      return { kind: "location", latitude: 51.5034, longitude: -0.1276, name: "Acme shop" };
    case "contact":
      return samples.contacts;
    case "catalog":
      return orders ? samples.order : undefined;
    default:
      return undefined;
  }
}

/** Whether a button opens something that is filled in before it is sent. */
export function asksFirst({ does }: FaceButton): boolean {
  return does === "flow" || does === "address";
}

/** An example of what was filled in. */
export function filledIn(does: FaceButton["does"]): Record<string, unknown> {
  return does === "address"
    ? { values: { name: "Ada", phone_number: "+447700900123", in_pin_code: "400063", address: "1 Example Street" } }
    : { answer: "yes" };
}

/** Whether it answers the message at which it was done, so that it quotes it. */
export function quotes({ kind }: CustomerContent): boolean {
  return ["button", "button_reply", "list_reply", "flow_reply", "location", "contacts", "order"].includes(kind);
}

/** A JSON object that was typed; `undefined` when it is none. */
export function objectIn(typed: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(typed);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
