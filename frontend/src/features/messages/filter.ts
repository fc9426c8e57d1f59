import type { CancelMessages, Direction, FailureCode, MessageState } from "../../api/schema.gen";
import { messageStates } from "../../domain/words";
import type { MessagesSearch } from "./search";

/** What of the workspace's messages is shown, in the API's words; without what is not filtered by. */
export interface MessageFilter {
  state?: MessageState;
  direction?: Direction;
  channel_id?: string;
  person?: string;
  failure_code?: FailureCode;
  provider_code?: string;
}

/** A message is taken for a moment only, and reads as queued: not worth a filter. */
export const filterStates = messageStates.filter((state) => state !== "claimed");

export function filterOf({ state, direction, channel, person, failure, code }: MessagesSearch): MessageFilter {
  return {
    ...(state && { state }),
    ...(direction && { direction }),
    ...(channel && { channel_id: channel }),
    ...(person && { person }),
    ...(failure && { failure_code: failure }),
    ...(code && { provider_code: code }),
  };
}

export function isFiltered(filter: MessageFilter): boolean {
  return Object.keys(filter).length > 0;
}

/**
 * The request that cancels what the filter shows, of what was there at `now`; none where the filter does not ask for what waits,
 * or asks for what can't be named in that request.
 */
export function cancelOf(
  { state, direction, channel_id, person, failure_code, provider_code }: MessageFilter,
  now: string,
): CancelMessages | undefined {
  if (state !== "queued" || direction === "inbound" || failure_code || provider_code) {
    return undefined;
  }
  return { created_before: now, ...(channel_id && { channel_id }), ...(person && { person }) };
}

/** A number as the API keeps it, whatever way it was typed; a business-scoped user id as it is. */
export function personOf(typed: string): string | undefined {
  const digits = typed.replaceAll(/[\s().\-/]/g, "");
  if (/^\+?\d+$/.test(digits)) {
    return digits.startsWith("+") ? digits : `+${digits}`;
  }
  return typed.trim() || undefined;
}
