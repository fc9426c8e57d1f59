import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";
import type {
  DeliverySettings,
  DeliverySettingsPatch,
  FailoverMode,
  OptOutWords,
  QuietHours,
  UnknownSettings,
} from "./schema.gen";
import { useWorkspace } from "./workspace";

/** A workspace's wishes, all of them. The API may leave out what has its default. */
export interface DeliveryWishes {
  failover: FailoverMode;
  unknown: Required<UnknownSettings>;
  optOut: Required<OptOutWords>;
  /** `null` when there are none. */
  quietHours: Required<QuietHours> | null;
  /** Of people whose own is not known. */
  timeZone: string;
}

function wishesOf({ failover, unknown, opt_out, quiet_hours, time_zone }: DeliverySettings): DeliveryWishes {
  return {
    failover: failover ?? "manual",
    unknown: { deadline_minutes: unknown?.deadline_minutes ?? 60, one_time_code: unknown?.one_time_code ?? "give_up" },
    optOut: {
      words: opt_out?.words ?? [],
      opt_in_words: opt_out?.opt_in_words ?? [],
      scope: opt_out?.scope ?? "all",
    },
    quietHours: quiet_hours
      ? {
          from: quiet_hours.from ?? "21:00",
          until: quiet_hours.until ?? "08:00",
          classes: quiet_hours.classes ?? ["marketing"],
        }
      : null,
    timeZone: time_zone ?? "UTC",
  };
}

export const deliverySettingsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "workspace", "delivery-settings"),
    queryFn: async ({ signal }) =>
      wishesOf(await unwrap(api.GET("/api/v1/delivery-settings", { headers: inWorkspace(workspace), signal }))),
  });

export function useChangeDeliverySettings() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: DeliverySettingsPatch) =>
      wishesOf(await unwrap(api.PATCH("/api/v1/delivery-settings", { body, headers: inWorkspace(id) }))),
    onSuccess: (wishes) => {
      client.setQueryData(deliverySettingsQuery(id).queryKey, wishes);
      return client.invalidateQueries({ queryKey: keys.of(id, "delivery") });
    },
  });
}
