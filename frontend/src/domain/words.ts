import type { Direction, MessageState } from "../api/schema.gen";
import { inOrder } from "../lib/in-order";

// The API's closed lists in the order in which people read them. A `Record` does not compile when a word is missing or unknown.

const stateOrder: Record<MessageState, number> = {
  queued: 1,
  claimed: 2,
  sending: 3,
  accepted: 4,
  sent: 5,
  delivered: 6,
  read: 7,
  unknown: 8,
  failed: 9,
  expired: 10,
  cancelled: 11,
  received: 12,
};

const directionOrder: Record<Direction, number> = { outbound: 1, inbound: 2 };

export const messageStates = inOrder(stateOrder);
export const directions = inOrder(directionOrder);
