import type { ChannelView, LedgerLine, MagicNumber, MessageView, ProviderKind } from "../../api/schema.gen";

/** The customer whom the API itself names when none is given: always at home, always polite. */
export const FRIENDLY_CUSTOMER = "+447700900123";

/** The channel that a message leaves by when it names none. */
export function leavesBy(channels: readonly ChannelView[], provider: ProviderKind): ChannelView | undefined {
  const candidates = channels.filter((channel) => channel.provider === provider);
  return candidates.find(({ is_default }) => is_default) ?? candidates[0];
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

/** What the simulator's counts prove of somebody's first steps. */
export function firstSteps(
  ledger: readonly LedgerLine[],
  channels: readonly Pick<ChannelView, "id" | "provider">[],
): { sent: boolean; answered: boolean; both: boolean } {
  const sent = ledger.filter(({ accepted }) => accepted > 0);
  const used = channels.filter(({ id }) => sent.some((line) => line.channel_id === id));
  return {
    sent: sent.length > 0,
    answered: ledger.some(({ inbound }) => inbound > 0),
    both: new Set(used.map(({ provider }) => provider)).size > 1,
  };
}

/** The newest of several lists, each newest first. */
export function newest(lists: readonly (readonly MessageView[])[], count: number): MessageView[] {
  return lists
    .flat()
    .sort((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at))
    .slice(0, count);
}
