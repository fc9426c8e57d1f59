import { expect, test } from "vitest";
import { formatMoney } from "../../domain/money";
import { formatDay } from "../../lib/format";
import { healthOf, ofProvider } from "./channel";
import { differs, grouped, liveColumns } from "./comparison";
import { catalogue, directChannel, failing, passing, twilioChannel } from "./test/samples";

const ids = catalogue.data.map((provider) => provider.id);
const rowNamed = (key: string) => {
  const row = catalogue.rows.find((each) => each.key === key);
  if (!row) {
    throw new Error(`no row ${key}`);
  }
  return row;
};

test("what differs is the answer, not its wording", () => {
  expect(differs(rowNamed("signed_webhooks"), ids)).toBe(false);
  expect(differs(rowNamed("support"), ids)).toBe(false);
  expect(differs(rowNamed("platform_fee"), ids)).toBe(true);
  expect(differs(rowNamed("trial"), ids)).toBe(true);
  expect(differs(rowNamed("outbound.document"), ids)).toBe(true);
});

test("rows stand by group, all of them", () => {
  const groups = grouped(catalogue.rows.toReversed());
  expect(groups.map(({ group }) => group)).toEqual([
    "setup",
    "cost",
    "best_for",
    "messages",
    "incoming",
    "templates",
    "limits",
    "webhooks",
    "support",
  ]);
  expect(groups.flatMap(({ rows }) => rows)).toHaveLength(catalogue.rows.length);
});

test("a provider's live column is its default channel", () => {
  const other = { ...twilioChannel, id: "other", is_default: false };
  const columns = liveColumns(catalogue.data, [other, twilioChannel, directChannel]);
  expect(columns.get("twilio")).toMatchObject({
    channel: { id: twilioChannel.id },
    others: 1,
    rate: { value: 80, own: false },
  });
  expect(columns.get("direct")).toMatchObject({ others: 0, rate: { value: 250, own: true } });
  expect(liveColumns(catalogue.data, []).size).toBe(0);
  expect(ofProvider([other, twilioChannel], "twilio")[0]?.id).toBe(twilioChannel.id);
});

test("health names what matters most", () => {
  expect(healthOf(twilioChannel)).toBe("untested");
  expect(healthOf({ ...twilioChannel, check: failing("auth_token") })).toBe("failing");
  expect(healthOf({ ...twilioChannel, check: passing })).toBe("good");
  expect(healthOf({ ...twilioChannel, check: failing("auth_token"), state: "held" })).toBe("held");
});

test("parts of a cent are not rounded away", () => {
  expect(formatMoney({ micros: 61_800, currency: "USD" }, "en")).toBe("$0.0618");
  expect(formatMoney({ micros: 500, currency: "USD" }, "en")).toBe("$0.0005");
  expect(formatDay("2026-10-01", "en")).toBe("Oct 1, 2026");
});
