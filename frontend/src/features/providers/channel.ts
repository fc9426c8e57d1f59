import type { ChannelView, Check, ProviderKind, SecretView } from "../../api/schema.gen";

/** What the person on the other side sees, or the provider's id of it where the number itself is not known. */
export function senderOf(channel: ChannelView): string {
  switch (channel.provider) {
    case "twilio":
      return channel.sender_number;
    case "direct":
      return channel.whatsapp_business_phone_id;
  }
}

/** The value that a channel shows for a field of its form; none for secrets and for what is not set. */
export function shownValue(channel: ChannelView, field: string): string | undefined {
  const value = valueNamed(channel, field);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** What is known of one of a channel's secrets. */
export function secretNamed(channel: ChannelView, field: string): SecretView | undefined {
  const value = valueNamed(channel, field);
  return isSecret(value) ? value : undefined;
}

function valueNamed(channel: ChannelView, field: string): unknown {
  return new Map<string, unknown>(Object.entries(channel)).get(field);
}

function isSecret(value: unknown): value is SecretView {
  return typeof value === "object" && value !== null && "set" in value && typeof value.set === "boolean";
}

export function ofProvider(channels: readonly ChannelView[], provider: ProviderKind): ChannelView[] {
  // The default first, the rest as they come.
  return channels
    .filter((channel) => channel.provider === provider)
    .sort((a, b) => Number(b.is_default) - Number(a.is_default));
}

export function defaultOf(channels: readonly ChannelView[], provider: ProviderKind): ChannelView | undefined {
  return channels.find((channel) => channel.provider === provider && channel.is_default);
}

/** How a channel fares, in the order of what matters most. */
export type Health = "held" | "failing" | "warned" | "untested" | "good";

export function healthOf(channel: ChannelView): Health {
  if (channel.state === "held") {
    return "held";
  }
  if (!channel.check) {
    return "untested";
  }
  if (!channel.check.healthy) {
    return "failing";
  }
  return channel.check.checks.some((check) => check.result === "warn") ? "warned" : "good";
}

/** The checks that ask for something to be done. */
export function troubles(checks: readonly Check[]): Check[] {
  return checks.filter((check) => check.result === "fail" || check.result === "warn");
}
