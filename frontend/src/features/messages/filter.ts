import type { Direction, MessageState } from "../../api/schema.gen";
import { messageStates } from "../../domain/words";
import type { MessagesSearch } from "./search";

/** What of the workspace's messages is shown, in the API's words; without what is not filtered by. */
export interface MessageFilter {
  state?: MessageState;
  direction?: Direction;
  channel_id?: string;
  person?: string;
}

/** A message is taken for a moment only, and reads as queued: not worth a filter. */
export const filterStates = messageStates.filter((state) => state !== "claimed");

export function filterOf({ state, direction, channel, person }: MessagesSearch): MessageFilter {
  return {
    ...(state && { state }),
    ...(direction && { direction }),
    ...(channel && { channel_id: channel }),
    ...(person && { person }),
  };
}

export function isFiltered(filter: MessageFilter): boolean {
  return Object.keys(filter).length > 0;
}

/** A number as the API keeps it, whatever way it was typed; a business-scoped user id as it is. */
export function personOf(typed: string): string | undefined {
  const digits = typed.replaceAll(/[\s().\-/]/g, "");
  if (/^\+?\d+$/.test(digits)) {
    return digits.startsWith("+") ? digits : `+${digits}`;
  }
  return typed.trim() || undefined;
}
