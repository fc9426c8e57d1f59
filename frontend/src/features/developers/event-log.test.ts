import { expect, test } from "vitest";
import type { Event, EventKind, Feed } from "../../api/schema.gen";
import { shownOf, startLog, withLive, withNewer, withOlder } from "./event-log";

const event = (seq: number, type: EventKind = "message.sent"): Event => ({
  seq,
  id: `e${seq}`,
  type,
  at: "2026-05-03T10:00:00Z",
  data: {},
});
const feed = (seqs: number[], rest: Partial<Feed>): Feed => ({
  data: seqs.map((seq) => event(seq)),
  head: 0,
  next_after: 0,
  reset: false,
  ...rest,
});
const places = (log: { entries: readonly Event[] }) => log.entries.map(({ seq }) => seq);

const newest = startLog(feed([12, 11, 10], { head: 12, next_after: 12, next_before: 10 }));

test("entries of the stream come on top, once, and the filter holds", () => {
  const log = [event(12), event(13), event(13), event(14, "message.read"), event(15)].reduce(
    (known, next) => withLive(known, next, "message.sent"),
    newest,
  );
  expect(places(log)).toEqual([15, 13, 12, 11, 10]);
  expect(log.upTo).toBe(15);
});

test("what comes after a hole waits until the hole is read", () => {
  const holed = withLive(newest, event(15), undefined);
  expect(holed).toBe(newest);
  const whole = withNewer(holed, feed([13, 14, 15], { head: 15, next_after: 15 }));
  expect(places(whole)).toEqual([15, 14, 13, 12, 11, 10]);
  // The stream was faster than the answer.
  const raced = withNewer(withLive(newest, event(13), undefined), feed([13, 14], { head: 14, next_after: 14 }));
  expect(places(raced)).toEqual([14, 13, 12, 11, 10]);
});

test("older pages join below, also when they overlap, and end", () => {
  const longer = withOlder(newest, feed([10, 9, 8], { head: 20, next_before: 8 }));
  expect(places(longer)).toEqual([12, 11, 10, 9, 8]);
  expect(longer.upTo).toBe(12);
  const whole = withOlder(longer, feed([7], { head: 20 }));
  expect(whole.before).toBeUndefined();
});

test("a log that is followed for days lets go of its oldest entries, and knows where they begin", () => {
  const seqs = Array.from({ length: 20_000 }, (_, n) => 20_000 - n);
  const long = startLog(feed(seqs, { head: 20_000, next_after: 20_000 }));
  expect(long.before).toBeUndefined();
  const log = withLive(long, event(20_001), undefined);
  expect(log.entries).toHaveLength(20_000);
  expect(log.entries[0]?.seq).toBe(20_001);
  expect(log.before).toBe(2);
});

test("a stopped list stays as it is and counts what came", () => {
  const log = withLive(withLive(newest, event(13), undefined), event(14), undefined);
  expect(shownOf(log, 12)).toEqual({ shown: newest.entries, fresh: 2 });
  expect(shownOf(log, undefined).shown).toBe(log.entries);
  // Nothing was there when it was stopped.
  expect(shownOf({ ...log, before: undefined }, 0)).toEqual({ shown: [], fresh: 5 });
});
