import type { ChannelView, Conversation, LedgerLine, MessageView, ProviderKind } from "../../api/schema.gen";

/** The customer whom the API itself names when none is given. */
export const FRIENDLY_CUSTOMER = "+447700900123";

/** One telephone's thread with one sender, with or without messages yet. */
export interface Thread {
  channel: string;
  provider: ProviderKind;
  customer: string;
  name: string | undefined;
  sender: string | undefined;
  /** `undefined` until somebody wrote: there is no window to speak of. */
  windowOpen: boolean | undefined;
  messages: Conversation["messages"];
  /** There are older messages that are not among these. */
  hasEarlier: boolean;
}

/** Whose telephone is asked for: the most recent conversation that fits, so nothing asks for the most recent of all. */
export interface Wanted {
  channel?: string | undefined;
  customer?: string | undefined;
}

export function threadOf(one: Conversation): Thread {
  return {
    channel: one.channel_id,
    provider: one.provider,
    customer: one.customer,
    name: one.name ?? undefined,
    sender: one.sender,
    windowOpen: one.window_open,
    messages: one.messages,
    hasEarlier: one.has_earlier,
  };
}

/** The channels in the order in which a message would choose them: the provider in use first, and its default channel before its others. */
export function inTurn(channels: readonly ChannelView[], inUse: ProviderKind): ChannelView[] {
  const turn = (channel: ChannelView) => Number(channel.provider !== inUse) * 2 + Number(!channel.is_default);
  return [...channels].sort((a, b) => turn(a) - turn(b));
}

/** The telephone of somebody who never wrote and was never written to. */
export function freshThread(channels: readonly ChannelView[], { channel: id, customer }: Wanted): Thread | undefined {
  const channel = channels.find((one) => one.id === id) ?? channels[0];
  return (
    channel && {
      channel: channel.id,
      provider: channel.provider,
      customer: customer ?? FRIENDLY_CUSTOMER,
      name: undefined,
      sender: channel.provider === "twilio" ? channel.sender_number : undefined,
      windowOpen: undefined,
      messages: [],
      hasEarlier: false,
    }
  );
}

export function isSameThread(one: Wanted, other: Wanted): boolean {
  return one.channel === other.channel && one.customer === other.customer;
}

/** The threads of several pages. One that moved to the front while they were read may come twice; its newer place is the first. */
export function threadsOf(pages: readonly { data: readonly Conversation[] }[]): Thread[] {
  const found = new Map<string, Thread>();
  for (const one of pages.flatMap(({ data }) => data)) {
    const key = `${one.channel_id} ${one.customer}`;
    if (!found.has(key)) {
      found.set(key, threadOf(one));
    }
  }
  return [...found.values()];
}

/** What the list shows: the thread that is looked at stands in front when the pages so far don't have it. */
export function withCurrent(threads: readonly Thread[], current: Thread | undefined): readonly Thread[] {
  return !current || threads.some((one) => isSameThread(one, current)) ? threads : [current, ...threads];
}

/** Whether a query that was typed may stand for a customer: a number with its plus, or a business-scoped user id. */
export function looksLikeCustomer(text: string): boolean {
  return /^\+[\d\s().-]{7,24}$/.test(text) || /^[A-Z]{2}\.[\w.]{5,}$/.test(text);
}

/** A number as the simulator names it. */
export function plainCustomer(text: string): string {
  return text.startsWith("+") ? text.replace(/[\s().-]/g, "") : text;
}

/** What Duplex knows of one channel, counted as the simulator counts: each message once, by how far it is now. */
export type OwnCount = Omit<LedgerLine, "channel_id">;

export function countOwn(messages: readonly MessageView[]): OwnCount {
  const count: OwnCount = { accepted: 0, sent: 0, delivered: 0, read: 0, failed: 0, inbound: 0 };
  for (const message of messages) {
    if (message.direction === "inbound") {
      count.inbound += 1;
    } else if (message.provider_message_id) {
      count.accepted += 1;
      switch (message.state) {
        case "sent":
        case "delivered":
        case "read":
        case "failed":
          count[message.state] += 1;
          break;
        default:
      }
    }
  }
  return count;
}
