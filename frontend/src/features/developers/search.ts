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
  "message.media_ready": 7,
  "message.media_failed": 8,
  "message.edited": 9,
  "message.deleted": 10,
  "message.reacted": 11,
  "message.marked_read": 12,
  "message.failed": 13,
  "message.unknown": 14,
  "message.unknown_given_up": 15,
  "message.held": 16,
  "message.requeued": 17,
  "message.moved": 18,
  "message.expired": 19,
  "message.cancelled": 20,
  "message.doubled": 21,
  "message.contradicted": 22,
  "contact.updated": 23,
  "contact.merged": 24,
  "contact.identity_changed": 25,
  "contact.suppressed": 26,
  "contact.unsuppressed": 27,
  "template.created": 28,
  "template.updated": 29,
  "template.deleted": 30,
  "template.submitted": 31,
  "template.status_changed": 32,
  "template.quality_changed": 33,
  "template.category_changed": 34,
  "template.synced": 35,
  "channel.created": 36,
  "channel.updated": 37,
  "channel.deleted": 38,
  "channel.held": 39,
  "channel.resumed": 40,
  "channel.circuit_opened": 41,
  "channel.circuit_half_opened": 42,
  "channel.circuit_closed": 43,
  "channel.rate_changed": 44,
  "channel.proven": 45,
  "account.quality_changed": 46,
  "account.limit_changed": 47,
  "account.restricted": 48,
  "account.disabled": 49,
  "account.reinstated": 50,
  "account.name_reviewed": 51,
  "account.reviewed": 52,
  "account.alert": 53,
  "account.security": 54,
  "account.updated": 55,
  "alert.raised": 56,
  "alert.cleared": 57,
  "workspace.updated": 58,
  "provider.notice": 59,
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
