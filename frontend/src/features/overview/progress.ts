import type { HoldReason } from "../../api/schema.gen";
import { type Step as Milestone, type ProgressEnd, progressOf, steps as way } from "../../domain/timeline";

/** What a message may end in, or stop at, instead of the next milestone. */
export type Stop = ProgressEnd["state"] | "held";

export interface Step {
  name: Milestone | Stop;
  /** `next`: waited for; `ahead`: after that; `stopped`: it ended or waits here; `never`: it will not come. */
  phase: "done" | "next" | "ahead" | "stopped" | "never";
  /** When it was reached. A later milestone may prove one whose own time nobody told. */
  at?: string;
  /** Milliseconds since the message was queued. */
  after?: number;
}

type Moving = Parameters<typeof progressOf>[0] & { hold_reason?: HoldReason | null };

/** The five steps of a message: always five, a failure in the place of the step it prevented, so that their list keeps its size. */
export function stepsOf(message: Moving | undefined): Step[] {
  if (!message) {
    return way.map((name) => ({ name, phase: "ahead" }));
  }
  const { steps, end } = progressOf(message);
  const open = steps.findIndex(({ standing }) => standing !== "done" && standing !== "passed");
  return steps.map(({ step, standing, at }, place): Step => {
    if (standing === "done" || standing === "passed") {
      return { name: step, phase: "done", ...since(message.created_at, at) };
    }
    if (place === open && end) {
      return { name: end.state, phase: "stopped", ...since(message.created_at, end.at) };
    }
    if (place === open && message.state === "queued" && message.hold_reason) {
      return { name: "held", phase: "stopped" };
    }
    if (standing === "never") {
      return { name: step, phase: "never" };
    }
    return { name: step, phase: standing === "now" ? "next" : "ahead" };
  });
}

/** The furthest thing that happened: what a listener wants to hear. */
export function standing(steps: readonly Step[]): Step | undefined {
  return steps.findLast(({ phase }) => phase === "done" || phase === "stopped");
}

function since(start: string, at: string | undefined): Pick<Step, "at" | "after"> {
  return at ? { at, after: Math.max(0, Date.parse(at) - Date.parse(start)) } : {};
}
