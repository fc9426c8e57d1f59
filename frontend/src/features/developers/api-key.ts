import type { ApiKey, Environment, Scope } from "../../api/schema.gen";

const scopeOrder: Record<Scope, number> = {
  "messages:write": 1,
  "messages:read": 2,
  "channels:read": 3,
  "channels:write": 4,
  "templates:read": 5,
  "templates:write": 6,
  "events:read": 7,
  "workspace:read": 8,
  "workspace:write": 9,
  "webhooks:read": 10,
  "webhooks:write": 11,
  "api_keys:read": 12,
  "api_keys:write": 13,
  "sandbox:write": 14,
};

/** The text that says what a scope allows. */
export const scopeText = {
  "messages:write": "scope.messages.write",
  "messages:read": "scope.messages.read",
  "channels:read": "scope.channels.read",
  "channels:write": "scope.channels.write",
  "templates:read": "scope.templates.read",
  "templates:write": "scope.templates.write",
  "events:read": "scope.events.read",
  "workspace:read": "scope.workspace.read",
  "workspace:write": "scope.workspace.write",
  "webhooks:read": "scope.webhooks.read",
  "webhooks:write": "scope.webhooks.write",
  "api_keys:read": "scope.api_keys.read",
  "api_keys:write": "scope.api_keys.write",
  "sandbox:write": "scope.sandbox.write",
} as const satisfies Record<Scope, string>;

/** What somebody with these scopes can give a key here, in reading order. The simulator's controls exist in a sandbox only. */
export function offeredScopes(held: readonly Scope[], environment: Environment): Scope[] {
  return held
    .filter((scope) => environment === "sandbox" || scope !== "sandbox:write")
    .sort((a, b) => scopeOrder[a] - scopeOrder[b]);
}

export type Preset = "send" | "read" | "everything";
export const presets: readonly Preset[] = ["send", "read", "everything"];

const sending: readonly Scope[] = ["messages:write", "messages:read"];
const reading: readonly Scope[] = ["messages:read", "channels:read", "templates:read", "events:read", "workspace:read"];

export function scopesOf(preset: Preset, offered: readonly Scope[]): Scope[] {
  const wanted = { send: sending, read: reading, everything: offered }[preset];
  return offered.filter((scope) => wanted.includes(scope));
}

/** The preset that these scopes are, if they are one. */
export function presetOf(scopes: readonly Scope[], offered: readonly Scope[]): Preset | undefined {
  return presets.find((preset) => {
    const wanted = scopesOf(preset, offered);
    return wanted.length === scopes.length && wanted.every((scope) => scopes.includes(scope));
  });
}

export type KeyState = "active" | "expired" | "revoked";

export function keyState(key: ApiKey, now: number): KeyState {
  if (key.revoked_at) {
    return "revoked";
  }
  return key.expires_at && Date.parse(key.expires_at) <= now ? "expired" : "active";
}

const SOON_MS = 7 * 86_400_000;

export function expiresSoon(key: ApiKey, now: number): boolean {
  return keyState(key, now) === "active" && !!key.expires_at && Date.parse(key.expires_at) - now < SOON_MS;
}

/** Keys that work first, the newest on top of each group. */
export function sortedKeys(keys: readonly ApiKey[], now: number): ApiKey[] {
  const works = (key: ApiKey) => (keyState(key, now) === "active" ? 0 : 1);
  return keys.toSorted((a, b) => works(a) - works(b) || b.id.localeCompare(a.id));
}

export const expiryChoices = ["never", "30", "90", "365", "date"] as const;
export type ExpiryChoice = (typeof expiryChoices)[number];

/** When a key ends: after so many days, or with the chosen day in the maker's time zone. */
export function expiryOf(choice: ExpiryChoice, day: string, now: number): string | undefined {
  if (choice === "never") {
    return undefined;
  }
  if (choice === "date") {
    const end = new Date(`${day}T23:59:59`);
    return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
  }
  return new Date(now + Number(choice) * 86_400_000).toISOString();
}

/** A call that a key with these scopes can make, to try it with. */
export function trialOf(
  scopes: readonly Scope[],
  environment: Environment,
): { method: "GET" | "POST"; path: string; body?: unknown } | undefined {
  if (scopes.includes("messages:write") && environment === "sandbox") {
    const body = { to: "+447700900123", content: { type: "text", body: "Hello from a program" } };
    return { method: "POST", path: "/api/v1/messages", body };
  }
  const reads: readonly [Scope, string][] = [
    ["messages:read", "/api/v1/messages?limit=1"],
    ["workspace:read", "/api/v1/workspace"],
    ["channels:read", "/api/v1/channels"],
    ["templates:read", "/api/v1/templates?limit=1"],
    ["events:read", "/api/v1/events?order=newest&limit=1"],
    ["api_keys:read", "/api/v1/api-keys"],
  ];
  const [, path] = reads.find(([scope]) => scopes.includes(scope)) ?? [];
  return path ? { method: "GET", path } : undefined;
}
