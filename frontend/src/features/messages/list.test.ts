import { describe, expect, test } from "vitest";
import type { Event, EventKind, ListMessageView, MessageState, MessageView } from "../../api/schema.gen";
import { append, follow, letIn, type MessageList, takeNewest, waitingOf } from "./list";

function message(n: number, state: MessageState = "sent"): MessageView {
  const id = `m${String(n).padStart(4, "0")}`;
  const at = "2026-11-22T10:00:00.000000Z";
  return {
    id,
    direction: "outbound",
    channel_id: "c",
    person: "+447700900123",
    content: { type: "text", body: id },
    state,
    attempts: 1,
    run_at: at,
    created_at: at,
  };
}

/** The page of the messages `from` down to `to`. */
function page(from: number, to: number, next?: string, state?: MessageState): ListMessageView {
  const data = Array.from({ length: Math.max(0, from - to + 1) }, (_, n) => message(from - n, state));
  return next ? { data, next_cursor: next } : { data };
}

const ids = (list: MessageList) => list.rows.map(({ id }) => Number(id.slice(1)));
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => from - n);

/** Two pages of ten. */
function twoPages(): MessageList {
  return append(takeNewest(undefined, page(20, 11, "a"), false), "a", page(10, 1));
}

describe("the newest page, read again", () => {
  test("brings new messages to the beginning and keeps the older pages", () => {
    const list = takeNewest(twoPages(), page(23, 14, "b", "read"), false);
    expect(ids(list)).toEqual(down(23, 1));
    expect(list.rows[0]?.state).toBe("read");
    expect(list.next).toBeUndefined();
  });

  test("lets new messages wait while somebody reads further down, and changes the known ones in their place", () => {
    const held = takeNewest(twoPages(), page(23, 14, "b", "read"), true);
    expect(ids(held)).toEqual(down(20, 1));
    expect(held.rows[0]?.state).toBe("read");
    expect(waitingOf(held)).toEqual({ count: 3, more: false });
    expect(ids(letIn(held))).toEqual(down(23, 1));
  });

  test("without a common message keeps the rows while they are read, then begins anew instead of leaving a hole", () => {
    const held = takeNewest(twoPages(), page(60, 51, "b"), true);
    expect(ids(held)).toEqual(down(20, 1));
    expect(waitingOf(held)).toEqual({ count: 10, more: true });
    const anew = letIn(held);
    expect(ids(anew)).toEqual(down(60, 51));
    expect(anew.next).toBe("b");
  });

  test("takes away what has left the filter", () => {
    const left = { data: [message(20), message(15), message(11), message(10)], next_cursor: "x" };
    expect(ids(takeNewest(twoPages(), left, false))).toEqual([20, 15, 11, 10, ...down(9, 1)]);
    expect(ids(takeNewest(twoPages(), { data: [] }, true))).toEqual([]);
  });

  test("an emptied list takes the next message at once", () => {
    const empty = takeNewest(undefined, { data: [] }, false);
    expect(ids(takeNewest(empty, page(1, 1), true))).toEqual([1]);
  });
});

test("a page that was asked for before the list began anew is not put behind it", () => {
  const anew = takeNewest(takeNewest(undefined, page(20, 11, "a"), false), page(60, 51, "b"), false);
  expect(append(anew, "a", page(10, 1))).toBe(anew);
});

describe("an entry of the feed", () => {
  const entry = (type: EventKind, n: number): Event => ({
    seq: 1,
    id: "e",
    type,
    at: "2026-11-22T10:00:01.000000Z",
    message_id: message(n).id,
    data: {},
  });

  test("changes a row far down, forwards only", () => {
    const list = follow(twoPages(), entry("message.delivered", 3), undefined);
    expect(list.rows.find(({ id }) => id === "m0003")?.state).toBe("delivered");
    expect(follow(list, entry("message.accepted", 3), undefined)).toBe(list);
    expect(follow(list, entry("message.read", 99), undefined)).toBe(list);
  });

  test("takes the row away when the filter asks for another state", () => {
    expect(ids(follow(twoPages(), entry("message.delivered", 3), "sent"))).not.toContain(3);
  });
});
