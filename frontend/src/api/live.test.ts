import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Follower } from "./live";
import type { Event } from "./schema.gen";

/** A stream that does what the test says. */
class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeStream[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: MessageEvent) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeStream.opened.push(this);
  }

  close() {
    this.readyState = FakeStream.CLOSED;
  }

  say(seq: number, type: Event["type"]) {
    const data = JSON.stringify({ seq, id: `e${seq}`, type, at: "2026-11-22T10:00:00Z", data: {} });
    this.onmessage?.(new MessageEvent("message", { data, lastEventId: String(seq) }));
  }

  named(name: string, data: unknown, lastEventId = "") {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId }));
  }
}

const newest = () => FakeStream.opened.at(-1) as FakeStream;
let client: QueryClient;
let follower: Follower;
let stale: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeStream);
  vi.stubGlobal("fetch", async () => new Response("{}"));
  FakeStream.opened = [];
  client = new QueryClient();
  stale = [];
  vi.spyOn(client, "invalidateQueries").mockImplementation(async (filters) => {
    stale.push(String(filters?.queryKey?.[2] ?? "everything"));
  });
  follower = new Follower("w1", client);
  follower.start();
  newest().onopen?.();
  stale = [];
});

afterEach(() => {
  follower.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("many events at once cost one refetch of each kind", async () => {
  for (let seq = 1; seq <= 500; seq += 1) {
    newest().say(seq, "message.sent");
  }
  expect(stale).toEqual([]);
  await vi.advanceTimersByTimeAsync(250);
  expect(stale.filter((resource) => resource === "messages")).toHaveLength(1);
  expect(stale).not.toContain("api-keys");
});

test("an answer that is slower than the events is waited for, and asked for once more after it", async () => {
  const busy = vi.spyOn(client, "isFetching").mockReturnValue(1);
  newest().say(1, "workspace.updated");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(stale.filter((resource) => resource === "workspace")).toEqual([]);
  busy.mockReturnValue(0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(stale.filter((resource) => resource === "workspace")).toHaveLength(1);
});

test("sums are asked for at once, then every few seconds while messages flow, and once after the last", async () => {
  const asked = (resource: string) => stale.filter((one) => one === resource).length;
  for (let seq = 1; seq <= 25; seq += 1) {
    newest().say(seq, "message.sent");
    await vi.advanceTimersByTimeAsync(250);
  }
  // After a quarter of a second, and three and six seconds later.
  expect(asked("messages")).toBe(25);
  expect(asked("ledger")).toBe(3);
  newest().say(26, "message.sent");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked("ledger")).toBe(4);
});

test("a broken stream goes on after the last event it gave, and what it may have missed is asked for", async () => {
  newest().say(7, "channel.held");
  newest().readyState = FakeStream.CLOSED;
  newest().onerror?.();
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeStream.opened).toHaveLength(2);
  expect(new URL(newest().url).searchParams.get("after")).toBe("7");
  stale = [];
  newest().onopen?.();
  expect(stale).toEqual(["everything"]);
});

test("without a stream for five seconds what is shown is polled, until there is one again", async () => {
  newest().onerror?.();
  await vi.advanceTimersByTimeAsync(5_000);
  stale = [];
  await vi.advanceTimersByTimeAsync(9_000);
  expect(stale).toHaveLength(3);
  newest().onopen?.();
  stale = [];
  await vi.advanceTimersByTimeAsync(30_000);
  expect(stale).toEqual([]);
});

test("a reset means that everything may have changed", async () => {
  newest().named("reset", { head: 40 }, "40");
  expect(stale).toEqual(["everything"]);
  newest().onerror?.();
  await vi.advanceTimersByTimeAsync(500);
  expect(new URL(newest().url).searchParams.get("after")).toBe("40");
});

test("a server that ends the stream is asked again, and a stopped follower asks no more", async () => {
  newest().named("end", { reason: "shutdown" });
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeStream.opened).toHaveLength(2);
  newest().onerror?.();
  follower.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeStream.opened).toHaveLength(2);
});

test("a gateway on this machine is followed without a network, and one elsewhere is tried again when it is back", async () => {
  const onLine = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  window.dispatchEvent(new Event("offline"));
  expect(FakeStream.opened).toHaveLength(2);
  newest().onopen?.();
  stale = [];
  newest().say(1, "channel.held");
  await vi.advanceTimersByTimeAsync(250);
  expect(stale).toContain("channels");

  newest().onerror?.();
  stale = [];
  onLine.mockReturnValue(true);
  window.dispatchEvent(new Event("online"));
  newest().onopen?.();
  expect(stale).toEqual(["everything"]);
});
