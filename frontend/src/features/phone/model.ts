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
}

export interface Wanted {
  channel?: string | undefined;
  customer?: string | undefined;
}

/** All threads, the most recent first. A thread that is asked for but was never used stands in front, empty. */
export function threadsOf(
  conversations: readonly Conversation[],
  channels: readonly ChannelView[],
  wanted: Wanted,
): Thread[] {
  const threads = conversations
    .map(
      (one): Thread => ({
        channel: one.channel_id,
        provider: one.provider,
        customer: one.customer,
        name: one.name ?? undefined,
        sender: one.sender,
        windowOpen: one.window_open,
        messages: one.messages,
      }),
    )
    .sort((one, other) => lastAt(other) - lastAt(one));
  const fresh = freshThread(threads, channels, wanted);
  return fresh ? [fresh, ...threads] : threads;
}

/** The thread that is asked for; when nothing is, the most recent one. */
export function chosen(threads: readonly Thread[], wanted: Wanted): Thread | undefined {
  const exact = threads.find((one) => one.channel === wanted.channel && one.customer === wanted.customer);
  return exact ?? threads.find((one) => one.channel === wanted.channel) ?? threads[0];
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

function freshThread(
  threads: readonly Thread[],
  channels: readonly ChannelView[],
  { channel: id, customer }: Wanted,
): Thread | undefined {
  const wantedChannel = channels.find((channel) => channel.id === id);
  const channel = wantedChannel ?? (threads.length === 0 ? channels[0] : undefined);
  const person = customer ?? FRIENDLY_CUSTOMER;
  if (!channel || threads.some((one) => one.channel === channel.id && (one.customer === person || !customer))) {
    return undefined;
  }
  return {
    channel: channel.id,
    provider: channel.provider,
    customer: person,
    name: undefined,
    sender: channel.provider === "twilio" ? channel.sender_number : undefined,
    windowOpen: undefined,
    messages: [],
  };
}

function lastAt({ messages }: Thread): number {
  const last = messages.at(-1);
  return last ? Date.parse(last.at) : 0;
}
