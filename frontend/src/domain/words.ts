import type { Direction, FailureCode, HoldReason, MessageState } from "../api/schema.gen";
import { inOrder } from "../lib/in-order";

// The API's closed lists in the order in which people read them. A `Record` does not compile when a word is missing or unknown.

const stateOrder: Record<MessageState, number> = {
  queued: 1,
  claimed: 2,
  sending: 3,
  accepted: 4,
  sent: 5,
  delivered: 6,
  read: 7,
  unknown: 8,
  failed: 9,
  expired: 10,
  cancelled: 11,
  received: 12,
};

const directionOrder: Record<Direction, number> = { outbound: 1, inbound: 2 };

const failureOrder: Record<FailureCode, number> = {
  recipient_unreachable: 1,
  recipient_invalid: 2,
  recipient_opted_out: 3,
  recipient_blocked: 4,
  recipient_not_allowed: 5,
  window_closed: 6,
  template_missing: 7,
  template_paused: 8,
  template_disabled: 9,
  template_rejected: 10,
  template_parameters: 11,
  stored_content_missing: 12,
  content_invalid: 13,
  content_too_long: 14,
  content_unsupported: 15,
  media_unusable: 16,
  media_pending: 17,
  policy_violation: 18,
  marketing_limited: 19,
  experiment_group: 20,
  country_not_allowed: 21,
  identity_changed: 22,
  credentials_invalid: 23,
  permission_missing: 24,
  account_restricted: 25,
  account_suspended: 26,
  payment_problem: 27,
  sender_not_ready: 28,
  sender_misconfigured: 29,
  throttled_pair: 30,
  throttled_sender: 31,
  throttled_account: 32,
  daily_limit: 33,
  provider_unavailable: 34,
  provider_error: 35,
  answer_lost: 36,
  connection_failed: 37,
  expired: 38,
  backup_not_ready: 39,
  gateway_fault: 40,
  unclassified: 41,
};

const holdOrder: Record<HoldReason, number> = {
  channel_down: 1,
  throttled: 2,
  installation: 3,
  quiet_hours: 4,
  pair_limit: 5,
  daily_limit: 6,
  circuit_open: 7,
  failover: 8,
};

export const holdReasons = inOrder(holdOrder);
export const failureCodes = inOrder(failureOrder);
export const messageStates = inOrder(stateOrder);
export const directions = inOrder(directionOrder);
