import type { ProviderKind } from "../../api/schema.gen";

/** One step of a guide. Its texts stand under its key; what it says to click and fill comes from the form's descriptors. */
interface Step {
  key: string;
  /** Fields of the channel's form that it fills, and values of ours that it copies from there. */
  fields: readonly string[];
  /** It is done at the channel: Test, Repair or Prove the round trip. */
  atChannel?: boolean;
}

/** What a guide says, in its order; the texts are those of the namespace `guides`. */
export const guides = {
  twilio: {
    need: ["need.twilio.account", "need.twilio.business", "need.twilio.number", "need.twilio.address"],
    steps: [
      { key: "steps.twilio.sender", fields: [] },
      { key: "steps.twilio.account", fields: ["account_sid", "auth_token"] },
      { key: "steps.twilio.key", fields: ["api_key_sid", "api_key_secret"] },
      { key: "steps.twilio.number", fields: ["sender_number"] },
      { key: "steps.twilio.service", fields: ["messaging_service_sid"] },
      { key: "steps.twilio.save", fields: [] },
      { key: "steps.twilio.webhook", fields: ["webhook_address"], atChannel: true },
      { key: "steps.twilio.roundTrip", fields: [], atChannel: true },
    ],
    mistakes: [
      "mistakes.twilio.wrongToken",
      "mistakes.twilio.noSender",
      "mistakes.twilio.sharedSender",
      "mistakes.twilio.notInService",
      "mistakes.twilio.noWebhook",
      "mistakes.twilio.notPost",
      "mistakes.twilio.underscore",
    ],
    live: [
      "live.twilio.templates",
      "live.twilio.consent",
      "live.twilio.fallback",
      "live.twilio.secrets",
      "live.twilio.watch",
    ],
  },
  direct: {
    need: [
      "need.direct.business",
      "need.direct.app",
      "need.direct.number",
      "need.direct.payment",
      "need.direct.address",
    ],
    steps: [
      { key: "steps.direct.app", fields: [] },
      { key: "steps.direct.appId", fields: ["whatsapp_app_id", "app_secret"] },
      { key: "steps.direct.number", fields: [] },
      { key: "steps.direct.ids", fields: ["whatsapp_business_phone_id", "waba_id"] },
      { key: "steps.direct.token", fields: ["whatsapp_access_token"] },
      { key: "steps.direct.save", fields: [] },
      { key: "steps.direct.webhook", fields: ["webhook_address", "webhook_verify_token"], atChannel: true },
      { key: "steps.direct.liveMode", fields: [] },
      { key: "steps.direct.roundTrip", fields: [], atChannel: true },
    ],
    mistakes: [
      "mistakes.direct.swapped",
      "mistakes.direct.numberAsId",
      "mistakes.direct.otherApp",
      "mistakes.direct.tokenEnded",
      "mistakes.direct.notAssigned",
      "mistakes.direct.notSubscribed",
      "mistakes.direct.inDevelopment",
    ],
    live: [
      "live.direct.verify",
      "live.direct.templates",
      "live.direct.payment",
      "live.direct.consent",
      "live.direct.pin",
      "live.direct.watch",
    ],
  },
} as const satisfies Record<
  ProviderKind,
  { need: readonly string[]; steps: readonly Step[]; mistakes: readonly string[]; live: readonly string[] }
>;

export type GuideStep = (typeof guides)[ProviderKind]["steps"][number];

/** Where in its page a step stands. */
export function anchorOf(step: Step): string {
  return step.key.replaceAll(".", "-");
}

/** The place in the guide that tells where a field's value comes from. */
export function anchorOfField(provider: ProviderKind, field: string): string | undefined {
  const steps: readonly Step[] = guides[provider].steps;
  const found = steps.find((step) => step.fields.includes(field));
  return found && anchorOf(found);
}
