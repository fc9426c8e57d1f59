import type { AttemptView } from "../../../api/schema.gen";

export type AttemptStep = "started" | "answered" | "accepted" | "sent" | "delivered" | "read" | "failed";

/** When an attempt came how far, in time's order, with the milliseconds since the step before. */
export function stepsOf(attempt: AttemptView): { step: AttemptStep; at: string; since: number | undefined }[] {
  const times: [AttemptStep, string | null | undefined][] = [
    ["started", attempt.created_at],
    ["answered", attempt.answered_at],
    ["accepted", attempt.accepted_at],
    ["sent", attempt.sent_at],
    ["delivered", attempt.delivered_at],
    ["read", attempt.read_at],
    ["failed", attempt.failed_at],
  ];
  const known = times.flatMap(([step, at]) => (at ? [{ step, at, moment: Date.parse(at) }] : []));
  // The answer and a webhook may overtake each other; steps of the same moment keep their natural order.
  known.sort((a, b) => a.moment - b.moment);
  return known.map(({ step, at, moment }, n) => {
    const before = known[n - 1];
    return { step, at, since: before && moment - before.moment };
  });
}
