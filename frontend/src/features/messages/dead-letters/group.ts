import type { DeadLetterGroup, FailOver, RetryMessages } from "../../../api/schema.gen";
import type { MessagesSearch } from "../search";

/** What tells a group from the others. */
export function keyOf({ failure_code, provider_code, channel_id }: DeadLetterGroup): string {
  return `${channel_id} ${failure_code} ${provider_code ?? ""}`;
}

/** The request that sends a group again. */
export function retryOf({ failure_code, provider_code, channel_id }: DeadLetterGroup, since: string): RetryMessages {
  return { failure_code, channel_id, since, ...(provider_code && { provider_code }) };
}

/** How many messages that request means: without a provider's code, those of the reason that have one are among them. */
export function meantBy(group: DeadLetterGroup, all: readonly DeadLetterGroup[]): number {
  const meant = all.filter(
    ({ channel_id, failure_code, provider_code }) =>
      channel_id === group.channel_id &&
      failure_code === group.failure_code &&
      (!group.provider_code || provider_code === group.provider_code),
  );
  return meant.reduce((sum, { count }) => sum + count, 0);
}

/** The request that sends a reason's messages by the other provider; it knows neither codes of providers nor times. */
export function failOverOf({ failure_code, channel_id }: DeadLetterGroup): FailOver {
  return { failure_code, channel_id, state: "failed" };
}

/** What shows a group in the list of messages. What expired in the gateway has no code of a provider. */
export function listOf({ failure_code, provider_code, channel_id }: DeadLetterGroup): MessagesSearch {
  const expiredHere = failure_code === "expired" && !provider_code;
  return {
    state: expiredHere ? "expired" : "failed",
    channel: channel_id,
    failure: failure_code,
    ...(provider_code && { code: provider_code }),
  };
}
