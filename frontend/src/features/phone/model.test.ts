import { expect, test } from "vitest";
import type { ChannelView, Conversation, MessageView } from "../../api/schema.gen";
import { countOwn, freshThread, isSameThread, threadOf, threadsOf, withCurrent } from "./model";

const secret = { set: true };
const channel: ChannelView = {
  provider: "twilio",
  id: "c1",
  name: "Sandbox",
  state: "active",
  is_default: true,
  facts: { webhooks_refused: 0 },
  webhook: {},
  created_at: "2026-11-22T10:00:00Z",
  updated_at: "2026-11-22T10:00:00Z",
  account_sid: "AC1",
  auth_token: secret,
  auth_token_secondary: { set: false },
  api_key_secret: { set: false },
  sender_number: "+15550001111",
};

const talk = (customer: string, at: string): Conversation => ({
  channel_id: "c1",
  provider: "twilio",
  sender: "+15550001111",
  customer,
  window_open: true,
  typing: false,
  messages: [
    {
      provider_message_id: customer,
      direction: "inbound",
      text: "Hi",
      content: { kind: "text", text: "Hi" },
      status: "delivered",
      at,
      typing: false,
      forwarded: "no",
      referred: false,
      edited: false,
      deleted: false,
    },
  ],
  has_earlier: false,
});

test("a thread that moved to the front while pages were read is there once, in its newer place", () => {
  const pages = [
    { data: [talk("+1", "2026-11-22T12:00:00Z"), talk("+2", "2026-11-22T11:00:00Z")] },
    { data: [talk("+1", "2026-11-22T10:00:00Z"), talk("+3", "2026-11-22T09:00:00Z")] },
  ];
  const threads = threadsOf(pages);
  expect(threads.map(({ customer }) => customer)).toEqual(["+1", "+2", "+3"]);
  expect(threads[0]?.messages[0]?.at).toBe("2026-11-22T12:00:00Z");
});

test("the thread that is looked at is in the list, whether a page has it or not", () => {
  const threads = threadsOf([{ data: [talk("+1", "2026-11-22T10:00:00Z")] }]);
  const other = threadOf(talk("+9", "2026-11-20T10:00:00Z"));
  expect(withCurrent(threads, other).map(({ customer }) => customer)).toEqual(["+9", "+1"]);
  expect(withCurrent(threads, threadOf(talk("+1", "2026-11-22T10:00:00Z")))).toBe(threads);
  expect(withCurrent(threads, undefined)).toBe(threads);
});

test("there is a telephone before anybody wrote, and one for whoever is asked for", () => {
  expect(freshThread([channel], {})).toMatchObject({ channel: "c1", customer: "+447700900123", messages: [] });
  const wanted = { channel: "c1", customer: "+3" };
  const fresh = freshThread([{ ...channel, id: "c0" }, channel], wanted);
  expect(fresh).toMatchObject({ ...wanted, windowOpen: undefined });
  expect(fresh && isSameThread(fresh, wanted)).toBe(true);
  expect(freshThread([], wanted)).toBeUndefined();
});

test("Duplex's messages are counted as the simulator counts", () => {
  const message = (state: MessageView["state"], provider_message_id?: string): MessageView => ({
    id: "m",
    direction: state === "received" ? "inbound" : "outbound",
    channel_id: "c1",
    person: "+1",
    content: { type: "text", body: "" },
    state,
    attempts: 1,
    run_at: "",
    created_at: "",
    ...(provider_message_id !== undefined && { provider_message_id }),
  });
  expect(
    countOwn([
      message("read", "1"),
      message("accepted", "2"),
      message("failed", "3"),
      message("failed"),
      message("received", "4"),
    ]),
  ).toEqual({ accepted: 3, sent: 0, delivered: 0, read: 1, failed: 1, inbound: 1 });
});
