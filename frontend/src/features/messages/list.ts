import type { Event, HoldReason, ListMessageView, MessageState, MessageView } from "../../api/schema.gen";
import { holdReasons } from "../../domain/words";

// The list as it grows: pages of older messages at its end, and each time something happens the newest page anew at its
// beginning. One request keeps it current however long it is. Ids grow with time, so they tell what is newer.

export interface MessageList {
  /** Newest first, without a gap between the first and the last. */
  rows: readonly MessageView[];
  /** The cursor behind the last row; none when there is nothing older. */
  next: string | undefined;
  /** The newest message that was let in, still there or not. */
  top: string | undefined;
  /** The newest page, when it has messages that are not let in yet. */
  waiting: ListMessageView | undefined;
}

/**
 * The list after its newest page was read again. `hold`: somebody is reading further down, so new messages wait instead of
 * pushing away what is read; what is there already changes in its place.
 */
export function takeNewest(known: MessageList | undefined, page: ListMessageView, hold: boolean): MessageList {
  const next = page.next_cursor ?? undefined;
  if (!known || known.top === undefined) {
    return { rows: page.data, next, top: page.data[0]?.id, waiting: undefined };
  }
  const { top } = known;
  // The page speaks for all that is as new as its last message: what is missing there has left the filter.
  const floor = next === undefined ? undefined : page.data.at(-1)?.id;
  const joined = floor === undefined || floor <= top;
  const fresh = page.data.filter(({ id }) => id > top);
  const older = floor === undefined ? [] : known.rows.filter(({ id }) => id < floor);
  const nextAfter = floor === undefined ? undefined : older.length > 0 ? known.next : next;
  if (fresh.length > 0 && hold) {
    const rows = joined ? [...page.data.filter(({ id }) => id <= top), ...older] : known.rows;
    return { rows, next: joined ? nextAfter : known.next, top, waiting: page };
  }
  if (!joined) {
    // More came at once than a page holds. The list begins anew, rather than with a hole.
    return { rows: page.data, next, top: page.data[0]?.id, waiting: undefined };
  }
  return { rows: [...page.data, ...older], next: nextAfter, top: fresh[0]?.id ?? top, waiting: undefined };
}

/** Lets in what waits. */
export function letIn(list: MessageList): MessageList {
  return list.waiting ? takeNewest(list, list.waiting, false) : list;
}

/** How many messages wait; `more` when there are more than a page could tell. */
export function waitingOf({ waiting, top }: MessageList): { count: number; more: boolean } {
  const count = waiting?.data.filter(({ id }) => top === undefined || id > top).length ?? 0;
  return { count, more: count > 0 && count === waiting?.data.length && Boolean(waiting.next_cursor) };
}

/** The list with the page behind `cursor` at its end, unless it began anew meanwhile. */
export function append(list: MessageList, cursor: string, page: ListMessageView): MessageList {
  if (list.next !== cursor) {
    return list;
  }
  const last = list.rows.at(-1)?.id;
  const added = last === undefined ? page.data : page.data.filter(({ id }) => id < last);
  return { ...list, rows: [...list.rows, ...added], next: page.next_cursor ?? undefined };
}

const standingAfter: Partial<Record<Event["type"], MessageState>> = {
  "message.accepted": "accepted",
  "message.sent": "sent",
  "message.delivered": "delivered",
  "message.read": "read",
  "message.unknown": "unknown",
  "message.failed": "failed",
  "message.expired": "expired",
  "message.cancelled": "cancelled",
  "message.requeued": "queued",
  "message.held": "queued",
  "message.moved": "queued",
};

/** An event that was on its way when the row was read must not turn it back. */
const farness: Partial<Record<MessageState, number>> = { accepted: 1, sent: 2, delivered: 3, read: 4 };

/**
 * The list after an entry of the feed: rows far down are not read anew, so the entry itself changes them. With a filter for
 * a state, rows that have left it go.
 */
export function follow(list: MessageList, event: Event, wanted: MessageState | undefined): MessageList {
  const state = standingAfter[event.type];
  const at = state && event.message_id ? indexOf(list.rows, event.message_id) : -1;
  const row = list.rows[at];
  if (
    !state ||
    !row ||
    (state === row.state && state !== "queued") ||
    (farness[state] ?? 9) < (farness[row.state] ?? 0)
  ) {
    return list;
  }
  const rows = [...list.rows];
  if (wanted && wanted !== state) {
    rows.splice(at, 1);
  } else {
    const moved = event.type === "message.moved" && event.channel_id ? { channel_id: event.channel_id } : {};
    rows[at] = { ...row, ...moved, state, hold_reason: holdAfter(event) };
  }
  return { ...list, rows };
}

/** What holds the message; an entry that names nothing means its channel. */
function holdAfter({ type, data }: Event): HoldReason | null {
  const { hold_reason }: Record<string, unknown> = data;
  return type === "message.held" ? (holdReasons.find((reason) => reason === hold_reason) ?? "channel_down") : null;
}

/** Where a message stands in rows that are sorted by falling ids; −1 when it is not there. */
function indexOf(rows: readonly MessageView[], id: string): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = rows[middle]?.id ?? "";
    if (found === id) {
      return middle;
    }
    if (found > id) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return -1;
}
