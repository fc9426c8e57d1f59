import type { Bubble, ChannelView, Conversation, MagicNumber, MessageView, ProviderKind } from "../../api/schema.gen";

/** The customer whom the API itself names when none is given: always at home, always polite. */
export const FRIENDLY_CUSTOMER = "+447700900123";

/** The channel that a message leaves by when it names none. */
export function leavesBy(channels: readonly ChannelView[], provider: ProviderKind): ChannelView | undefined {
  const candidates = channels.filter((channel) => channel.provider === provider);
  return candidates.find(({ is_default }) => is_default) ?? candidates[0];
}

/** A thread on the virtual phone; the empty one when nobody wrote yet. */
export function threadOf(
  conversations: readonly Conversation[],
  channel: string | undefined,
  customer: string,
): { name: string | undefined; messages: readonly Bubble[] } {
  const found = conversations.find((one) => one.channel_id === channel && one.customer === customer);
  return { name: found?.name ?? undefined, messages: found?.messages ?? [] };
}

/** What arrived since the test message was sent; without one, the answer that was just given. Newest first. */
export function arrivals(
  inbound: readonly MessageView[],
  since: string | undefined,
  answer: string | undefined,
): MessageView[] {
  return since === undefined
    ? inbound.filter(({ provider_message_id: id }) => id != null && id === answer)
    : inbound.filter(({ created_at }) => Date.parse(created_at) >= Date.parse(since));
}

/** The provider's code for a magic number's fate, where there is one. */
export function codeAt(provider: ProviderKind, magic: MagicNumber): number | undefined {
  const codes: Record<ProviderKind, number | null | undefined> = {
    twilio: magic.twilio_code,
    direct: magic.direct_code,
  };
  return codes[provider] ?? undefined;
}

/** What the conversations on the phones prove of somebody's first steps. */
export function firstSteps(conversations: readonly Conversation[]): {
  sent: boolean;
  answered: boolean;
  both: boolean;
} {
  const wrote = (direction: Bubble["direction"]) =>
    conversations.filter(({ messages }) => messages.some((bubble) => bubble.direction === direction));
  const sent = wrote("outbound");
  return {
    sent: sent.length > 0,
    answered: wrote("inbound").length > 0,
    both: new Set(sent.map(({ provider }) => provider)).size > 1,
  };
}

/** The newest of several lists, each newest first. */
export function newest(lists: readonly (readonly MessageView[])[], count: number): MessageView[] {
  return lists
    .flat()
    .sort((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at))
    .slice(0, count);
}

/** How long a message to a magic number may wait: longer than any that gets through in the end. */
const MAGIC_PATIENCE_MS = 15_000;

/**
 * When a test message expires. One to a magic number may hold its channel, and would do so again after every connection test
 * if it stayed in the queue; any other is like a real one and waits as long as it must.
 */
export function expiryOf(to: string, magic: readonly MagicNumber[], now: number): string | undefined {
  const number = to.replace(/[^+\d]/g, "");
  return magic.some((row) => row.number === number) ? new Date(now + MAGIC_PATIENCE_MS).toISOString() : undefined;
}
