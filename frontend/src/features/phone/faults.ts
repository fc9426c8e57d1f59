import type { ChannelFault, FaultKind, MagicNumber, NewFault, ProviderKind } from "../../api/schema.gen";

export type FaultName = FaultKind["kind"];

/** What each kind asks for; a kind that is new in the API does not compile until it is named here. */
const parameters: Record<FaultName, "none" | "milliseconds" | "status" | "maybe code" | "code"> = {
  lost_answer: "none",
  lost_request: "none",
  hang: "none",
  latency: "milliseconds",
  http_5xx: "status",
  throttle: "maybe code",
  refuse: "code",
  late_refusal: "code",
  never_delivered: "none",
  duplicate_webhooks: "none",
  reorder_webhooks: "none",
  drop_webhooks: "none",
  bad_token: "none",
  quality_drop: "none",
};

export const faultNames = names(parameters);

export function parameterOf(kind: FaultName) {
  return parameters[kind];
}

/** The form as it is typed. */
export interface FaultDraft {
  kind: FaultName;
  /** Milliseconds, status or code. */
  value: string;
  /** A channel's id; every channel when blank. */
  channel: string;
  /** A recipient; everybody when blank. */
  to: string;
  /** How often; until it is removed when blank. */
  times: string;
  /** In percent; always when blank. */
  chance: string;
}

export type DraftProblem = "number" | "required" | "status" | "times" | "chance";
export type DraftProblems = Partial<Record<"value" | "times" | "chance", DraftProblem>>;

/** The fault that a draft describes, or what is wrong with it. */
export function faultOf(draft: FaultDraft): { fault: NewFault } | { problems: DraftProblems } {
  const value = whole(draft.value);
  const times = whole(draft.times);
  const chance = whole(draft.chance);
  const problems: DraftProblems = {};
  const wanted = parameterOf(draft.kind);
  if (wanted !== "none") {
    if (value === undefined && (wanted === "code" || wanted === "milliseconds")) {
      problems.value = "required";
    } else if (Number.isNaN(value)) {
      problems.value = "number";
    } else if (wanted === "status" && value !== undefined && (value < 500 || value > 599)) {
      problems.value = "status";
    }
  }
  if (times !== undefined && !(times >= 1)) {
    problems.times = "times";
  }
  if (chance !== undefined && !(chance >= 1 && chance <= 100)) {
    problems.chance = "chance";
  }
  if (Object.keys(problems).length > 0) {
    return { problems };
  }
  return {
    fault: {
      ...kindOf(draft.kind, value),
      ...(draft.channel !== "" && { channel_id: draft.channel }),
      ...(draft.to.trim() !== "" && { to: draft.to.trim() }),
      ...(times !== undefined && { times }),
      ...(chance !== undefined && chance < 100 && { probability: chance / 100 }),
    },
  };
}

function kindOf(kind: FaultName, value: number | undefined): FaultKind {
  switch (kind) {
    case "latency":
      return { kind, ms: value ?? 0 };
    case "http_5xx":
      return value === undefined ? { kind } : { kind, status: value };
    case "throttle":
      return value === undefined ? { kind } : { kind, code: value };
    case "refuse":
    case "late_refusal":
      return { kind, code: value ?? 0 };
    default:
      return { kind };
  }
}

/** What a fault's kind was given. */
export function parameterValue(fault: FaultKind): number | undefined {
  switch (fault.kind) {
    case "latency":
      return fault.ms;
    case "http_5xx":
      return fault.status ?? undefined;
    case "throttle":
      return fault.code ?? undefined;
    case "refuse":
    case "late_refusal":
      return fault.code;
    default:
      return undefined;
  }
}

/** Faults have no id. The count is left out: it may have changed since the list was shown. */
export function isSameFault(one: ChannelFault, other: ChannelFault): boolean {
  return (
    one.kind === other.kind &&
    one.channel_id === other.channel_id &&
    parameterValue(one) === parameterValue(other) &&
    one.to === other.to &&
    one.probability === other.probability &&
    (one.times === undefined) === (other.times === undefined)
  );
}

/** Codes worth trying at one provider, or at both. */
export function knownCodes(numbers: readonly MagicNumber[], provider: ProviderKind | undefined): number[] {
  const codes = numbers.flatMap(({ twilio_code, direct_code }) => [
    ...(provider === "direct" ? [] : [twilio_code]),
    ...(provider === "twilio" ? [] : [direct_code]),
  ]);
  return [...new Set(codes.filter((code) => code != null))].sort((a, b) => a - b);
}

/** `undefined` for a blank, NaN for what is no whole number. */
function whole(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "") {
    return undefined;
  }
  return /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

function names<Name extends string>(of: Record<Name, unknown>): Name[] {
  const found: Name[] = [];
  for (const name in of) {
    found.push(name);
  }
  return found;
}
