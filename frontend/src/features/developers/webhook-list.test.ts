import { expect, test } from "vitest";
import type { JournalState, WebhookEvent } from "../../api/schema.gen";
import { joined, reaches, type WebhookList } from "./webhook-list";

const row = (id: number, state: JournalState = "done"): WebhookEvent => ({
  id: `${id}`,
  provider: "twilio",
  origin: "webhook",
  received_at: "2026-05-03T10:00:00Z",
  state,
  tries: 0,
  channels: [],
});
const list = (rows: WebhookEvent[], cursor?: string): WebhookList => ({ rows, cursor });
const ids = ({ rows }: WebhookList) => rows.map(({ id }) => Number(id));

const known = list([row(25), row(24), row(23, "pending"), row(22), row(21)], "21");

test("a new top keeps what was paged in below it", () => {
  const read = list([row(27), row(26), row(25), row(24), row(23)], "23");
  expect(reaches(read, known)).toBe(true);
  const now = joined(read, known);
  expect(ids(now)).toEqual([27, 26, 25, 24, 23, 22, 21]);
  expect(now.cursor).toBe("21");
  expect(now.rows[4]?.state).toBe("done");
});

test("what may have changed further down must be read too", () => {
  expect(reaches(list([row(26), row(25), row(24)], "24"), known)).toBe(false);
});

test("a top that does not meet the rest begins anew", () => {
  const far = list([row(90), row(89)], "89");
  expect(joined(far, list([row(25)], "25"))).toBe(far);
});

test("a reading of everything takes the place of all", () => {
  const whole = list([row(24)]);
  expect(joined(whole, known)).toBe(whole);
});
