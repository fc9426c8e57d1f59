import type { Event, EventKind, Feed } from "../../api/schema.gen";

/**
 * What is known of a feed: its newest entries without a hole, back to where the reader has paged. Entries never change and
 * their places have no gaps, so that nothing is fetched twice and a missing one is noticed.
 */
export interface EventLog {
  /** Newest first. */
  readonly entries: readonly Event[];
  /** Every entry up to this place is known (or does not fit the filter). */
  readonly upTo: number;
  /** Where older ones begin; `undefined` when there are none. */
  readonly before: number | undefined;
}

/** Beyond so many entries the oldest are let go; paging back reads them again. A tab that is left open must not grow for ever. */
const KEPT = 20_000;

function kept(log: EventLog): EventLog {
  if (log.entries.length <= KEPT) {
    return log;
  }
  const entries = log.entries.slice(0, KEPT);
  return { ...log, entries, before: entries.at(-1)?.seq };
}

/** A log from the feed's newest page. */
export function startLog(newest: Feed): EventLog {
  return { entries: newest.data, upTo: newest.head, before: newest.next_before ?? undefined };
}

/** Adds an older page, which was read newest first. */
export function withOlder(log: EventLog, older: Feed): EventLog {
  const last = log.entries.at(-1);
  const entries = last ? older.data.filter(({ seq }) => seq < last.seq) : older.data;
  return { ...log, entries: [...log.entries, ...entries], before: older.next_before ?? undefined };
}

/** Adds the page after `upTo`, which was read oldest first. */
export function withNewer(log: EventLog, newer: Feed): EventLog {
  const entries = newer.data.filter(({ seq }) => seq > log.upTo).reverse();
  return kept({ ...log, entries: [...entries, ...log.entries], upTo: Math.max(log.upTo, newer.next_after) });
}

/**
 * Adds an entry of the stream. One that is known is left out; one that comes after a hole as well, because what is
 * between is not known yet: reading on from `upTo` brings both.
 */
export function withLive(log: EventLog, event: Event, type: EventKind | undefined): EventLog {
  if (event.seq !== log.upTo + 1) {
    return log;
  }
  const fits = type === undefined || event.type === type;
  return kept({ ...log, entries: fits ? [event, ...log.entries] : log.entries, upTo: event.seq });
}

/** What a reader sees who stopped the list at a place, and how much came since. `undefined` follows the feed. */
export function shownOf(log: EventLog, stoppedAt: number | undefined): { shown: readonly Event[]; fresh: number } {
  if (stoppedAt === undefined) {
    return { shown: log.entries, fresh: 0 };
  }
  const found = log.entries.findIndex(({ seq }) => seq <= stoppedAt);
  if (found === -1 && log.before !== undefined) {
    // The log started anew beyond that place: there is nothing to stop at.
    return { shown: log.entries, fresh: 0 };
  }
  const fresh = found === -1 ? log.entries.length : found;
  return { shown: log.entries.slice(fresh), fresh };
}
