import { expect, test } from "vitest";
import type { ApiKey } from "../../api/schema.gen";
import { expiryOf, keyState, offeredScopes, presetOf, scopesOf, sortedKeys, trialOf } from "./api-key";

const now = Date.parse("2026-05-03T10:00:00Z");
const key = (id: string, rest: Partial<ApiKey> = {}): ApiKey => ({
  id,
  name: id,
  prefix: "dpx_12345678",
  scopes: ["messages:read"],
  created_at: "2026-05-01T10:00:00Z",
  ...rest,
});

test("keys that no longer work stand below those that do", () => {
  const keys = [
    key("4", { expires_at: "2026-05-03T09:59:59Z" }),
    key("3"),
    key("2", { revoked_at: "2026-05-02T10:00:00Z", expires_at: "2026-06-01T10:00:00Z" }),
    key("1", { expires_at: "2026-05-03T10:00:01Z" }),
  ];
  expect(sortedKeys(keys, now).map(({ id }) => id)).toEqual(["3", "1", "4", "2"]);
  expect(keys.map((each) => keyState(each, now))).toEqual(["expired", "active", "revoked", "active"]);
});

test("presets give only what there is to give, and are known again", () => {
  const offered = offeredScopes(["sandbox:write", "messages:read", "messages:write"], "live");
  expect(offered).toEqual(["messages:write", "messages:read"]);
  expect(scopesOf("read", offered)).toEqual(["messages:read"]);
  expect(presetOf(["messages:read"], offered)).toBe("read");
  expect(presetOf([], offered)).toBeUndefined();
});

test("a key's end", () => {
  expect(expiryOf("never", "2026-06-01", now)).toBeUndefined();
  expect(expiryOf("30", "", now)).toBe("2026-06-02T10:00:00.000Z");
  expect(expiryOf("date", "2026-06-01", now)).toBe(new Date("2026-06-01T23:59:59").toISOString());
  expect(expiryOf("date", "", now)).toBeUndefined();
});

test("the call to try a key with is one it may make, and sends nothing for real", () => {
  expect(trialOf(["messages:write", "messages:read"], "sandbox")?.method).toBe("POST");
  expect(trialOf(["messages:write", "messages:read"], "live")).toEqual({
    method: "GET",
    path: "/api/v1/messages?limit=1",
  });
  expect(trialOf(["messages:write"], "live")).toBeUndefined();
});
