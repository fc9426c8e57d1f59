import * as v from "valibot";
import type { EventKind, JournalState } from "../../api/schema.gen";
import { inOrder } from "../../lib/in-order";

// The API's closed lists in the order in which people read them. A `Record` does not compile when a word is missing or unknown.

const kindOrder: Record<EventKind, number> = {
  "message.queued": 1,
  "message.accepted": 2,
  "message.sent": 3,
  "message.delivered": 4,
  "message.read": 5,
  "message.received": 6,
  "message.failed": 7,
  "message.unknown": 8,
  "message.held": 9,
  "message.requeued": 10,
  "message.expired": 11,
  "message.cancelled": 12,
  "message.doubled": 13,
  "message.contradicted": 14,
  "channel.created": 15,
  "channel.updated": 16,
  "channel.deleted": 17,
  "channel.held": 18,
  "channel.resumed": 19,
  "workspace.updated": 20,
  "provider.notice": 21,
};

const stateOrder: Record<JournalState, number> = { pending: 1, claimed: 2, done: 3, dead: 4 };

export const eventKinds = inOrder(kindOrder);
export const journalStates = inOrder(stateOrder);

/** What of the event log's page is in its address. What cannot be read there is as if it were not there. */
export const eventLogSearch = v.object({
  tab: v.fallback(v.optional(v.picklist(["events", "webhooks"])), undefined),
  type: v.fallback(v.optional(v.picklist(eventKinds)), undefined),
  state: v.fallback(v.optional(v.picklist(journalStates)), undefined),
  /** The open entry: an event's place in the feed, or a webhook's id. */
  entry: v.fallback(v.optional(v.union([v.string(), v.number()])), undefined),
});
