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
  "message.held": 15,
  "message.requeued": 16,
  "message.expired": 17,
  "message.cancelled": 18,
  "message.doubled": 19,
  "message.contradicted": 20,
  "contact.updated": 21,
  "contact.merged": 22,
  "contact.identity_changed": 23,
  "contact.suppressed": 24,
  "contact.unsuppressed": 25,
  "template.created": 26,
  "template.updated": 27,
  "template.deleted": 28,
  "template.submitted": 29,
  "template.status_changed": 30,
  "template.quality_changed": 31,
  "template.category_changed": 32,
  "template.synced": 33,
  "channel.created": 34,
  "channel.updated": 35,
  "channel.deleted": 36,
  "channel.held": 37,
  "channel.resumed": 38,
  "channel.proven": 39,
  "account.quality_changed": 40,
  "account.limit_changed": 41,
  "account.restricted": 42,
  "account.disabled": 43,
  "account.reinstated": 44,
  "account.name_reviewed": 45,
  "account.reviewed": 46,
  "account.alert": 47,
  "account.security": 48,
  "account.updated": 49,
  "alert.raised": 50,
  "alert.cleared": 51,
  "workspace.updated": 52,
  "provider.notice": 53,
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
