import type { Event, Failure, HoldReason, MessageView } from "../api/schema.gen";
import { holdReasons } from "./words";

/** The way of an outgoing message, step by step. */
export const steps = ["queued", "accepted", "sent", "delivered", "read"] as const;
export type Step = (typeof steps)[number];

/** `passed`: a later step is done, so this one must have been, but nobody said when. */
export type StepStanding = "done" | "passed" | "now" | "waiting" | "never";

export interface ProgressStep {
  step: Step;
  standing: StepStanding;
  at: string | undefined;
}

/** How a message ended that did not get through, or that nobody knows about. */
export interface ProgressEnd {
  state: "failed" | "unknown" | "expired" | "cancelled";
  at: string | undefined;
  failure: Failure | undefined;
}

export interface Progress {
  steps: ProgressStep[];
  end: ProgressEnd | undefined;
}

type Times = Pick<
  MessageView,
  | "state"
  | "failure"
  | "created_at"
  | "accepted_at"
  | "sent_at"
  | "delivered_at"
  | "read_at"
  | "failed_at"
  | "expires_at"
>;

/** Where an outgoing message stands on its way. */
export function progressOf(message: Times): Progress {
  const times: Record<Step, string | null | undefined> = {
    queued: message.created_at,
    accepted: message.accepted_at,
    sent: message.sent_at,
    delivered: message.delivered_at,
    read: message.read_at,
  };
  const end = endOf(message);
  const last = steps.findLastIndex((step) => step === message.state || Boolean(times[step]));
  return {
    end,
    steps: steps.map((step, n) => {
      const at = times[step] ?? undefined;
      if (n <= last) {
        return { step, at, standing: at ? "done" : "passed" };
      }
      if (end && end.state !== "unknown") {
        return { step, at, standing: "never" };
      }
      return { step, at, standing: n === last + 1 && !end ? "now" : "waiting" };
    }),
  };
}

function endOf(message: Times): ProgressEnd | undefined {
  const failure = message.failure ?? undefined;
  switch (message.state) {
    case "failed":
      return { state: "failed", at: message.failed_at ?? undefined, failure };
    case "expired":
      return { state: "expired", at: message.expires_at ?? undefined, failure };
    case "unknown":
    case "cancelled":
      return { state: message.state, at: undefined, failure };
    default:
      return undefined;
  }
}

/** Who did something to a message, and what else is said of it; absent where the entry says nothing of it. */
export interface Told {
  by?: string | undefined;
  /** Why, in the words of whoever did it. */
  reason?: string | undefined;
  /** Why, in the gateway's words, which are English. */
  because?: string | undefined;
  hold?: HoldReason | undefined;
  move?: { from: string; to: string; template: string | undefined } | undefined;
}

/** An entry of the feed as a line of a story. */
export interface Moment {
  event: Event;
  /** Milliseconds since the line before; none on the first, or when the providers' clocks say it came earlier. */
  since: number | undefined;
  failure: Failure | undefined;
  /** When a message that waits is to be sent again; none when it waits for something else than a time. */
  runAt: string | undefined;
  told: Told;
}

/** The feed's entries with the time between them. */
export function momentsOf(events: readonly Event[]): Moment[] {
  return events.map((event, n) => {
    const before = events[n - 1];
    const since = before ? Date.parse(event.at) - Date.parse(before.at) : undefined;
    // What else an entry says differs by its type, and the API's description leaves it open.
    const data: Record<string, unknown> = event.data;
    const runAt = data["run_at"];
    return {
      event,
      since: since !== undefined && since >= 0 ? since : undefined,
      failure: isFailure(data["failure"]) ? data["failure"] : undefined,
      told: toldBy(event),
      runAt: typeof runAt === "string" && Date.parse(runAt) > Date.parse(event.at) ? runAt : undefined,
    };
  });
}

/** What somebody thinks of a message. */
export interface Reaction {
  from: string;
  emoji: string;
}

/** The reactions to a message: of each person the last, unless it was taken away. */
export function reactionsOf(events: readonly Event[]): Reaction[] {
  const last = new Map<string, string>();
  for (const { type, data } of events) {
    const { from, emoji }: Record<string, unknown> = data;
    if (type === "message.reacted" && typeof from === "string") {
      last.set(from, typeof emoji === "string" ? emoji : "");
    }
  }
  return [...last].filter(([, emoji]) => emoji !== "").map(([from, emoji]) => ({ from, emoji }));
}

/** What the provider lacked of a message that went out as less than was asked for, in the gateway's words. */
export function lossOf(events: readonly Event[]): string | undefined {
  for (const { data } of events) {
    const { degraded }: Record<string, unknown> = data;
    if (typeof degraded === "object" && degraded !== null && "why" in degraded && typeof degraded.why === "string") {
      return degraded.why;
    }
  }
  return undefined;
}

/** What else an entry tells of what people and the gateway did to a message. */
function toldBy({ type, data }: Event): Told {
  const { by, decision, reason, hold_reason, from_channel_id, to_channel_id, template }: Record<string, unknown> = data;
  const decided: Record<string, unknown> = isRecord(decision) ? decision : {};
  const moves = type === "message.moved" && typeof from_channel_id === "string" && typeof to_channel_id === "string";
  return {
    // A move names a kind of cause there, not somebody.
    by: moves ? undefined : (textOf(decided["by"]) ?? textOf(by)),
    reason: textOf(decided["reason"]),
    because: type === "message.unknown_given_up" ? textOf(reason) : undefined,
    hold: type === "message.held" ? holdReasons.find((reason) => reason === hold_reason) : undefined,
    move: moves ? { from: from_channel_id, to: to_channel_id, template: textOf(template) } : undefined,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
