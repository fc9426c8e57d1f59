import { readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  ChannelView,
  Check,
  CheckName,
  CheckReport,
  ProviderCatalog,
  ProviderKind,
  SecretView,
} from "../../../api/schema.gen";

/** As a running gateway gives it. */
export const catalogue: ProviderCatalog = JSON.parse(readFileSync(join(import.meta.dirname, "catalogue.json"), "utf8"));

export function providerOf(id: ProviderKind) {
  const found = catalogue.data.find((provider) => provider.id === id);
  if (!found) {
    throw new Error(`no provider ${id}`);
  }
  return found;
}

export const at = "2026-05-03T10:00:00Z";
const set = (ends_with: string): SecretView => ({ set: true, ends_with, set_at: at });
/** Nothing is known of a sender before its provider was asked. */
const unasked: ChannelView["facts"] = { webhooks_refused: 0 };
const unset: SecretView = { set: false };

export const twilioChannel: ChannelView = {
  provider: "twilio",
  id: "019a2b3c-0000-7000-8000-000000000001",
  name: "Support",
  state: "active",
  is_default: true,
  facts: unasked,
  webhook: { callback_url: "https://gateway.example.com/hooks/twilio/019a2b3c-0000-7000-8000-000000000001" },
  created_at: at,
  updated_at: at,
  account_sid: "AC0123456789abcdef0123456789abcdef",
  auth_token: set("9f2a"),
  auth_token_secondary: set("77e1"),
  api_key_secret: unset,
  sender_number: "+447700900001",
};

export const directChannel: ChannelView = {
  provider: "direct",
  id: "019a2b3c-0000-7000-8000-000000000002",
  name: "Orders",
  state: "active",
  is_default: true,
  facts: unasked,
  messages_per_second: 250,
  webhook: {
    callback_url: "https://gateway.example.com/hooks/direct/100000000000001",
    verify_token: "8d6d25eb501d9a104a507a3c0bc2ac1e",
  },
  created_at: at,
  updated_at: at,
  whatsapp_business_phone_id: "200000000000001",
  waba_id: "300000000000001",
  whatsapp_app_id: "100000000000001",
  app_secret: set("cdef"),
  app_secret_secondary: unset,
  whatsapp_access_token: set("oken"),
  verify_token: set("ac1e"),
  graph_version: "v25.0",
};

const wellFound: Record<CheckName, string> = {
  configured: "Every value is there.",
  reachable: "The API answers.",
  credentials: "The provider accepts them.",
  permissions: "They suffice.",
  sender: "It is online.",
  standing: "It may send.",
  subscribed: "Messages are taken in.",
  callback: "They arrive here.",
  round_trip: "A message went the whole way at 09:58.",
};

/** A report with all rungs green but the given ones. */
export function reportWith(...others: Check[]): CheckReport {
  const names = Object.keys(wellFound) as CheckName[];
  const green = names.map((name): Check => ({ name, result: "pass", finding: wellFound[name] }));
  const checks = green.map((check) => others.find(({ name }) => name === check.name) ?? check);
  return { healthy: checks.every(({ result }) => result !== "fail"), checked_at: at, checks };
}

const skipped = (name: CheckName): Check => ({
  name,
  result: "skipped",
  finding: "Not tried, because an earlier check failed.",
});

/** The report on a wrong token. */
export function failing(field: string): CheckReport {
  return reportWith(
    { name: "credentials", result: "fail", finding: "The provider does not accept it.", cure: "Copy it again.", field },
    skipped("permissions"),
    skipped("sender"),
    skipped("standing"),
    skipped("subscribed"),
    skipped("callback"),
    skipped("round_trip"),
  );
}

export const passing: CheckReport = reportWith();

/** All is well as far as can be seen without a message. */
export const unproven: CheckReport = reportWith({
  name: "round_trip",
  result: "unproven",
  code: "never_proven",
  finding: "No message has gone out and come back yet.",
  cure: "Send a test message, or write to the number from a phone.",
});
