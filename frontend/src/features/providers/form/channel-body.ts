import type {
  ChannelView,
  CreateChannel,
  CreateDirectChannel,
  CreateTwilioChannel,
  FieldDescriptor,
  ProviderKind,
  UpdateChannel,
  UpdateDirectChannel,
  UpdateTwilioChannel,
} from "../../../api/schema.gen";
import { type FormValues, isInput } from "./descriptors";

// Requests are told apart by their provider, so each is written out by its own type: `Required` does not compile when the API
// takes a field that is missing here.

/** The body for a new channel. What is left empty is left to the server. */
export function createBody(provider: ProviderKind, values: FormValues): CreateChannel {
  const text = (field: string) => values[field]?.trim() ?? "";
  const orNone = (field: string) => text(field) || null;
  const name = text("name");
  const messages_per_second = rateOf(orNone("messages_per_second"));
  switch (provider) {
    case "twilio":
      return {
        provider,
        name,
        messages_per_second,
        // Saving sets nothing at the provider: what will be set there is shown first, and has its own button.
        auto_connect: false,
        account_sid: text("account_sid"),
        auth_token: text("auth_token"),
        auth_token_secondary: orNone("auth_token_secondary"),
        api_key_sid: orNone("api_key_sid"),
        api_key_secret: orNone("api_key_secret"),
        sender_number: text("sender_number"),
        messaging_service_sid: orNone("messaging_service_sid"),
      } satisfies Required<CreateTwilioChannel>;
    case "direct":
      return {
        provider,
        name,
        messages_per_second,
        auto_connect: false,
        whatsapp_app_id: text("whatsapp_app_id"),
        app_secret: text("app_secret"),
        app_secret_secondary: orNone("app_secret_secondary"),
        whatsapp_access_token: text("whatsapp_access_token"),
        waba_id: text("waba_id"),
        whatsapp_business_phone_id: text("whatsapp_business_phone_id"),
        verify_token: orNone("verify_token"),
        graph_version: orNone("graph_version"),
      } satisfies Required<CreateDirectChannel>;
  }
}

/** New values by field; `null` clears it. */
export type Changes = ReadonlyMap<string, string | null>;

/** What differs from what stood in the form at first. An empty secret stays as it is unless it is to be removed. */
export function changesOf(
  fields: readonly FieldDescriptor[],
  before: FormValues,
  values: FormValues,
  removed: ReadonlySet<string>,
): Changes {
  const changes = new Map<string, string | null>();
  for (const field of fields.filter(isInput)) {
    const value = values[field.name]?.trim() ?? "";
    if (removed.has(field.name)) {
      changes.set(field.name, null);
    } else if (value !== (before[field.name] ?? "")) {
      changes.set(field.name, value === "" ? null : value);
    }
  }
  return changes;
}

type Texts<Body> = Exclude<keyof Body, "provider" | "is_default" | "messages_per_second">;

const twilioTexts = [
  "name",
  "account_sid",
  "auth_token",
  "auth_token_secondary",
  "api_key_sid",
  "api_key_secret",
  "sender_number",
  "messaging_service_sid",
] as const satisfies readonly Texts<UpdateTwilioChannel>[];

const directTexts = [
  "name",
  "whatsapp_app_id",
  "app_secret",
  "app_secret_secondary",
  "whatsapp_access_token",
  "waba_id",
  "whatsapp_business_phone_id",
  "verify_token",
  "graph_version",
] as const satisfies readonly Texts<UpdateDirectChannel>[];

/** The body for a change of a channel: only what changes. */
export function updateBody(provider: ProviderKind, changes: Changes): UpdateChannel {
  const rate = changes.get("messages_per_second");
  const common = rate === undefined ? {} : { messages_per_second: rateOf(rate) };
  switch (provider) {
    case "twilio": {
      const body: UpdateTwilioChannel = { provider, ...common };
      for (const field of twilioTexts) {
        const value = changes.get(field);
        if (value !== undefined) {
          body[field] = value;
        }
      }
      return body;
    }
    case "direct": {
      const body: UpdateDirectChannel = { provider, ...common };
      for (const field of directTexts) {
        const value = changes.get(field);
        if (value !== undefined) {
          body[field] = value;
        }
      }
      return body;
    }
  }
}

/** The body that makes a channel its provider's default. */
export function defaultBody({ provider }: ChannelView): UpdateChannel {
  return { provider, is_default: true };
}

function rateOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
