import { expect, test } from "vitest";
import type { ChannelView, Conversation, MessageView } from "../../api/schema.gen";
import { chosen, countOwn, threadsOf } from "./model";

const secret = { set: true };
const channel: ChannelView = {
  provider: "twilio",
  id: "c1",
  name: "Sandbox",
  state: "active",
  is_default: true,
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
  messages: [{ provider_message_id: customer, direction: "inbound", text: "Hi", status: "delivered", at }],
});

test("the most recent thread stands first and is shown when none is asked for", () => {
  const threads = threadsOf([talk("+1", "2026-11-22T10:00:00Z"), talk("+2", "2026-11-22T11:00:00Z")], [channel], {});
  expect(threads.map(({ customer }) => customer)).toEqual(["+2", "+1"]);
  expect(chosen(threads, {})?.customer).toBe("+2");
  expect(chosen(threads, { channel: "c1", customer: "+1" })?.customer).toBe("+1");
});

test("there is a telephone before anybody wrote, and one for whoever is asked for", () => {
  expect(chosen(threadsOf([], [channel], {}), {})?.customer).toBe("+447700900123");
  const wanted = { channel: "c1", customer: "+3" };
  const threads = threadsOf([talk("+1", "2026-11-22T10:00:00Z")], [channel], wanted);
  expect(chosen(threads, wanted)).toMatchObject({ customer: "+3", messages: [], windowOpen: undefined });
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
