import { expect, test } from "vitest";
import { standing, stepsOf } from "./progress";

const start = "2026-11-22T10:00:00.000000Z";
const queued = { state: "queued" as const, created_at: start };

const shape = (message: Parameters<typeof stepsOf>[0]) => stepsOf(message).map(({ name, phase }) => `${name} ${phase}`);

test("before anything is sent, five steps lie ahead and nothing is said", () => {
  expect(shape(undefined)).toEqual(["queued ahead", "accepted ahead", "sent ahead", "delivered ahead", "read ahead"]);
  expect(standing(stepsOf(undefined))).toBeUndefined();
});

test("each step has its time and how long after the start that was", () => {
  const steps = stepsOf({
    state: "delivered",
    created_at: start,
    accepted_at: "2026-11-22T10:00:00.035764Z",
    sent_at: "2026-11-22T10:00:00.180000Z",
    delivered_at: "2026-11-22T10:00:01.250000Z",
  });
  expect(steps.map(({ after }) => after)).toEqual([0, 35, 180, 1250, undefined]);
  expect(steps.at(-1)).toEqual({ name: "read", phase: "next" });
  expect(standing(steps)?.name).toBe("delivered");
});

test("a later step proves an earlier one whose webhook never came", () => {
  const steps = stepsOf({ state: "read", created_at: start, read_at: "2026-11-22T10:00:02.000000Z" });
  expect(steps.map(({ phase }) => phase)).toEqual(["done", "done", "done", "done", "done"]);
  expect(steps[2]?.at).toBeUndefined();
});

test("a failure stands in the place of the step it prevented", () => {
  const accepted = "2026-11-22T10:00:00.020000Z";
  const failed = "2026-11-22T10:00:00.340000Z";
  expect(shape({ state: "failed", created_at: start, accepted_at: accepted, failed_at: failed })).toEqual([
    "queued done",
    "accepted done",
    "failed stopped",
    "delivered never",
    "read never",
  ]);
});

test("what waits for its channel is no failure, and what nobody knows may still arrive", () => {
  expect(shape({ ...queued, hold_reason: "channel_down" })[1]).toBe("held stopped");
  expect(shape({ ...queued, hold_reason: "channel_down" })[2]).toBe("sent ahead");
  expect(shape({ ...queued, state: "unknown" }).slice(1, 3)).toEqual(["unknown stopped", "sent ahead"]);
});
