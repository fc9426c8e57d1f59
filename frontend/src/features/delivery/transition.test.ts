import { expect, test } from "vitest";
import type { Event } from "../../api/schema.gen";
import { transitionOf } from "./transition";

const event = (type: Event["type"], data: object): Event => ({
  seq: 7,
  id: "e7",
  type,
  at: "2026-11-22T10:00:00Z",
  channel_id: "c1",
  data: { ...data },
});

test("a change of the rate says whether it fell or rose", () => {
  const failure = { code: "throttled_sender", detail: "too fast" };
  const fell = transitionOf(event("channel.rate_changed", { messages_per_second: 36.5, lowered: true, failure }));
  expect(fell).toMatchObject({ turn: "lowered", rate: 36.5, failure });
  expect(transitionOf(event("channel.rate_changed", { messages_per_second: 72, lowered: false }))?.turn).toBe(
    "restored",
  );
});

test("who held a channel is told, and what is odd in the data is left out", () => {
  expect(transitionOf(event("channel.held", { by: "person" }))?.by).toBe("person");
  expect(transitionOf(event("channel.resumed", { by: "check" }))?.by).toBe("other");
  expect(transitionOf(event("channel.circuit_opened", { reason: 7, failure: "no" }))).toMatchObject({
    reason: undefined,
    failure: undefined,
    by: undefined,
  });
  expect(transitionOf(event("message.sent", {}))).toBeUndefined();
});
