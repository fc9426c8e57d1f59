import type { ListWebhookEvent, WebhookEvent } from "../../api/schema.gen";

/** Webhooks, newest first, back to where the reader has paged. */
export interface WebhookList {
  readonly rows: readonly WebhookEvent[];
  readonly cursor: string | undefined;
}

type Page = Pick<ListWebhookEvent, "data" | "next_cursor">;

/** Adds the page after the list's end. */
export function withPage(list: WebhookList, page: Page): WebhookList {
  return { rows: [...list.rows, ...page.data], cursor: page.next_cursor ?? undefined };
}

/** Whether a webhook's state will still change. */
function isUnsettled({ state }: WebhookEvent): boolean {
  return state === "pending" || state === "claimed";
}

/**
 * Whether a newer reading from the top has reached far enough to take the place of what was known: everything that may
 * have changed is in it, and it meets the rest without a hole. Ids grow with time.
 */
export function reaches(read: WebhookList, known: WebhookList): boolean {
  const last = read.rows.at(-1);
  if (read.cursor === undefined) {
    return true;
  }
  if (!last) {
    return false;
  }
  const newestKnown = known.rows[0];
  const meets = newestKnown === undefined || last.id <= newestKnown.id;
  return meets && !known.rows.some((row) => row.id < last.id && isUnsettled(row));
}

/** A newer reading on top of what was known below it. */
export function joined(read: WebhookList, known: WebhookList): WebhookList {
  const last = read.rows.at(-1);
  if (!last || read.cursor === undefined || !reaches(read, known)) {
    return read;
  }
  const below = known.rows.filter(({ id }) => id < last.id);
  return below.length === 0 ? read : { rows: [...read.rows, ...below], cursor: known.cursor };
}
