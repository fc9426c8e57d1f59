import { describe, expect, test } from "vitest";
import type { Event } from "../api/schema.gen";
import { momentsOf, progressOf } from "./timeline";

const created_at = "2026-11-22T10:00:00.000000Z";
const later = "2026-11-22T10:00:01.500000Z";

const standings = (message: Parameters<typeof progressOf>[0]) =>
  progressOf(message).steps.map(({ standing }) => standing);

describe("progress", () => {
  test("the step after the last one is under way", () => {
    expect(standings({ state: "queued", created_at })).toEqual(["done", "now", "waiting", "waiting", "waiting"]);
    expect(standings({ state: "accepted", created_at, accepted_at: later })).toEqual([
      "done",
      "done",
      "now",
      "waiting",
      "waiting",
    ]);
  });

  test("a later step proves the ones before it", () => {
    expect(standings({ state: "read", created_at, accepted_at: later, read_at: later })).toEqual([
      "done",
      "done",
      "passed",
      "passed",
      "done",
    ]);
  });

  test("a failure ends it; what is unknown may still come", () => {
    const failed = progressOf({ state: "failed", created_at, accepted_at: later, failed_at: later });
    expect(failed.steps.map(({ standing }) => standing)).toEqual(["done", "done", "never", "never", "never"]);
    expect(failed.end).toEqual({ state: "failed", at: later, failure: undefined });
    expect(standings({ state: "unknown", created_at })).toEqual(["done", "waiting", "waiting", "waiting", "waiting"]);
  });
});

test("a story's lines have the time between them, and say why and until when it waits", () => {
  const failure = { code: "throttled_pair", detail: "Too many." };
  const entry = (type: Event["type"], at: string, data: object = {}): Event => ({
    seq: 1,
    id: "e",
    type,
    at,
    // What the feed really sends here is open in its description.
    data: data as Event["data"],
  });
  const moments = momentsOf([
    entry("message.queued", created_at),
    entry("message.requeued", later, { failure, run_at: "2026-11-22T10:00:09Z", tries: 1 }),
    entry("message.sent", created_at),
  ]);
  expect(moments.map(({ since }) => since)).toEqual([undefined, 1500, undefined]);
  expect(moments[1]).toMatchObject({ failure, runAt: "2026-11-22T10:00:09Z" });
});
