import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChannelView, CheckReport, ProviderCatalog, ProviderKind, SecretView } from "../../../api/schema.gen";

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
const unset: SecretView = { set: false };

export const twilioChannel: ChannelView = {
  provider: "twilio",
  id: "019a2b3c-0000-7000-8000-000000000001",
  name: "Support",
  state: "active",
  is_default: true,
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

/** The report on a wrong token. */
export function failing(field: string): CheckReport {
  return {
    healthy: false,
    checked_at: at,
    checks: [
      { name: "reachable", result: "pass", finding: "The API answers." },
      {
        name: "credentials",
        result: "fail",
        finding: "The provider does not accept it.",
        cure: "Copy it again.",
        field,
      },
      { name: "permissions", result: "skipped", finding: "Not tried, because an earlier check failed." },
      { name: "sender", result: "skipped", finding: "Not tried, because an earlier check failed." },
      { name: "webhook", result: "skipped", finding: "Not tried, because an earlier check failed." },
    ],
  };
}

export const passing: CheckReport = {
  healthy: true,
  checked_at: at,
  checks: [
    { name: "reachable", result: "pass", finding: "The API answers." },
    { name: "credentials", result: "pass", finding: "The provider accepts them." },
    { name: "permissions", result: "pass", finding: "They suffice." },
    { name: "sender", result: "pass", finding: "It is online." },
    { name: "webhook", result: "pass", finding: "It arrives here." },
  ],
};
