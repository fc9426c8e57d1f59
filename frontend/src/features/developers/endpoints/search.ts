import * as v from "valibot";
import type { WebhookDeliveryState } from "../../../api/schema.gen";
import { inOrder } from "../../../lib/in-order";
import { eventKinds } from "../search";

const order: Record<WebhookDeliveryState, number> = { pending: 1, sending: 2, delivered: 3, failed: 4 };

export const deliveryStates = inOrder(order);

/** Which deliveries of an endpoint are shown, and which one is open. */
export const webhookEndpointSearch = v.object({
  state: v.fallback(v.optional(v.picklist(deliveryStates)), undefined),
  type: v.fallback(v.optional(v.picklist(eventKinds)), undefined),
  delivery: v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty())), undefined),
});
