import type { TemplateCategory, TemplateQuality, TemplateStatus } from "../../api/schema.gen";
import type { Tone } from "../../ui/tone";

export const categories: readonly TemplateCategory[] = ["marketing", "utility", "authentication"];

/** A record, so that a state that is added to the API is missing here until it has its colour. */
export const statusTone: Record<TemplateStatus, Tone> = {
  unsubmitted: "neutral",
  received: "info",
  pending: "info",
  approved: "ok",
  rejected: "bad",
  paused: "warn",
  disabled: "bad",
  in_appeal: "info",
  pending_deletion: "warn",
  deleted: "neutral",
  limit_exceeded: "warn",
  archived: "neutral",
  locked: "warn",
  unknown: "neutral",
};

export const statuses = Object.keys(statusTone) as TemplateStatus[];

export const qualityTone: Record<TemplateQuality, Tone> = {
  green: "ok",
  yellow: "warn",
  red: "bad",
  unknown: "neutral",
};
