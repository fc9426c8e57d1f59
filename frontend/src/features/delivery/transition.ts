import type { Event, EventKind, Failure } from "../../api/schema.gen";

/** What the log of a channel's ups and downs is made of. */
export const transitionKinds = [
  "channel.circuit_opened",
  "channel.circuit_half_opened",
  "channel.circuit_closed",
  "channel.rate_changed",
  "channel.held",
  "channel.resumed",
] as const satisfies readonly EventKind[];

/** What became of the channel. */
export type Turn = "opened" | "halfOpened" | "closed" | "lowered" | "restored" | "held" | "resumed";

/** A turn as the log shows it: the data of such events is open, so what is missing there is left out. */
export interface Transition {
  seq: number;
  at: string;
  turn: Turn;
  channel: string | undefined;
  /** Who did it, where somebody could. */
  by: "person" | "failure" | "other" | undefined;
  /** The server's own sentence. */
  reason: string | undefined;
  failure: Failure | undefined;
  /** Messages a second from then on. */
  rate: number | undefined;
}

export function transitionOf(event: Event): Transition | undefined {
  const kind = transitionKinds.find((each) => each === event.type);
  if (!kind) {
    return undefined;
  }
  const { by, reason, failure, messages_per_second: rate, lowered }: Record<string, unknown> = event.data;
  return {
    seq: event.seq,
    at: event.at,
    turn: turnOf(kind, lowered === true),
    channel: event.channel_id ?? undefined,
    by: by === "person" || by === "failure" ? by : by === undefined ? undefined : "other",
    reason: typeof reason === "string" ? reason : undefined,
    failure: isFailure(failure) ? failure : undefined,
    rate: typeof rate === "number" ? rate : undefined,
  };
}

function turnOf(kind: (typeof transitionKinds)[number], isLowered: boolean): Turn {
  switch (kind) {
    case "channel.circuit_opened":
      return "opened";
    case "channel.circuit_half_opened":
      return "halfOpened";
    case "channel.circuit_closed":
      return "closed";
    case "channel.rate_changed":
      return isLowered ? "lowered" : "restored";
    case "channel.held":
      return "held";
    case "channel.resumed":
      return "resumed";
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isFailure(value: unknown): value is Failure {
  return isRecord(value) && typeof value["code"] === "string" && typeof value["detail"] === "string";
}
