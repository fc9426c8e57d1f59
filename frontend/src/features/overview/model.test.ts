import { expect, test } from "vitest";
import type { LedgerLine, MagicNumber } from "../../api/schema.gen";
import { codeAt, firstSteps } from "./model";

const line = (channel: string, accepted: number, inbound: number): LedgerLine => ({
  channel_id: channel,
  accepted,
  sent: 0,
  delivered: 0,
  read: accepted,
  failed: 0,
  inbound,
});

const dead: MagicNumber = { number: "+15005550008", twilio_code: 20003, direct_code: 190, description: "dead" };

test("first steps are ticked by what the simulator counted", () => {
  const channels = [{ id: "c1", provider: "twilio" } as const, { id: "c2", provider: "direct" } as const];
  const none = line("c2", 0, 0);
  expect(firstSteps([], channels)).toEqual({ sent: false, answered: false, both: false });
  expect(firstSteps([line("c1", 1, 0), none], channels)).toEqual({ sent: true, answered: false, both: false });
  expect(firstSteps([line("c1", 0, 1), none], channels)).toEqual({ sent: false, answered: true, both: false });
  expect(firstSteps([line("c1", 1, 1), line("c2", 2, 0)], channels).both).toBe(true);
});

test("a magic number has the code of the provider in use", () => {
  expect(codeAt("twilio", dead)).toBe(20003);
  expect(codeAt("direct", dead)).toBe(190);
  expect(codeAt("direct", { number: "+1", description: "" })).toBeUndefined();
});
