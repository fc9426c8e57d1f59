import { expect, test } from "vitest";
import type { Bubble, Conversation, MagicNumber } from "../../api/schema.gen";
import { codeAt, expiryOf, firstSteps, threadOf } from "./model";
import { readable } from "./webhook-body";

const bubble = (direction: Bubble["direction"]): Bubble => ({
  provider_message_id: direction,
  direction,
  text: "Hi",
  status: "delivered",
  at: "2026-11-22T10:00:00.000000Z",
});

const conversation = (provider: Conversation["provider"], messages: Bubble[]): Conversation => ({
  channel_id: provider,
  provider,
  sender: "+15550001111",
  customer: "+447700900123",
  name: "Ada",
  window_open: true,
  messages,
});

const dead: MagicNumber = { number: "+15005550008", twilio_code: 20003, direct_code: 190, description: "dead" };

test("first steps are ticked by what is on the phones", () => {
  expect(firstSteps([])).toEqual({ sent: false, answered: false, both: false });
  const one = conversation("twilio", [bubble("outbound"), bubble("inbound")]);
  expect(firstSteps([one])).toEqual({ sent: true, answered: true, both: false });
  expect(firstSteps([one, conversation("direct", [bubble("outbound")])]).both).toBe(true);
});

test("the phone shows one sender's thread only", () => {
  const all = [conversation("twilio", [bubble("outbound")]), conversation("direct", [])];
  expect(threadOf(all, "twilio", "+447700900123").messages).toHaveLength(1);
  expect(threadOf(all, "direct", "+447700900123").messages).toHaveLength(0);
  expect(threadOf(all, "twilio", "+447700900999")).toEqual({ name: undefined, messages: [] });
});

test("only messages to magic numbers expire, however the number is written", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  expect(expiryOf("+1 (500) 555-0008", [dead], now)).toBe("2026-11-22T10:00:15.000Z");
  expect(expiryOf("+447700900123", [dead], now)).toBeUndefined();
});

test("a magic number has the code of the provider in use", () => {
  expect(codeAt("twilio", dead)).toBe(20003);
  expect(codeAt("direct", dead)).toBe(190);
  expect(codeAt("direct", { number: "+1", description: "" })).toBeUndefined();
});

test("webhooks become readable, whether JSON or a form", () => {
  expect(readable('{"object":"a"}')).toEqual({ object: "a" });
  expect(readable("Body=Thank+you%21&Meta=%7B%22x%22%3A1%7D&Empty=")).toEqual({
    Body: "Thank you!",
    Meta: { x: 1 },
    Empty: "",
  });
  expect(readable("not = a form")).toBe("not = a form");
});
