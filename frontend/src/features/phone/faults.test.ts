import { expect, test } from "vitest";
import { type FaultDraft, faultOf, isSameFault, knownCodes } from "./faults";

const draft: FaultDraft = { kind: "lost_answer", value: "", channel: "", to: "", times: "", chance: "" };

test("blanks mean everywhere, everybody and always", () => {
  expect(faultOf(draft)).toEqual({ fault: { kind: "lost_answer" } });
});

test("what is given goes into the fault, the chance as a share", () => {
  expect(
    faultOf({ kind: "late_refusal", value: " 131026 ", channel: "c1", to: " +447700900123", times: "2", chance: "30" }),
  ).toEqual({
    fault: { kind: "late_refusal", code: 131026, channel_id: "c1", to: "+447700900123", times: 2, probability: 0.3 },
  });
});

test("each wrong value is named", () => {
  expect(faultOf({ ...draft, kind: "refuse", times: "0", chance: "101" })).toEqual({
    problems: { value: "required", times: "times", chance: "chance" },
  });
  expect(faultOf({ ...draft, kind: "latency", value: "soon" })).toEqual({ problems: { value: "number" } });
  expect(faultOf({ ...draft, kind: "http_5xx", value: "404" })).toEqual({ problems: { value: "status" } });
});

test("a fault is known again after its count went down", () => {
  const fault = { kind: "latency", ms: 50, channel_id: "c1", times: 3 } as const;
  expect(isSameFault(fault, { ...fault, times: 1 })).toBe(true);
  expect(isSameFault(fault, { ...fault, ms: 60 })).toBe(false);
});

test("codes to try follow the channel's provider", () => {
  const numbers = [{ number: "+1", twilio_code: 63024, direct_code: 131026, description: "" }];
  expect(knownCodes(numbers, "twilio")).toEqual([63024]);
  expect(knownCodes(numbers, undefined)).toEqual([63024, 131026]);
});
