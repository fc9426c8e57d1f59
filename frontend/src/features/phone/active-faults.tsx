import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { ChannelFault, ChannelView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { formatPercent } from "../../lib/format";
import { Button, IconButton } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { Skeleton } from "../../ui/state";
import { parameterOf, parameterValue } from "./faults";
import { LoadError } from "./load-error";
import { faultsQuery, useClearFaults, useRemoveFault } from "./queries";

/** The faults that are set, and ways to be rid of them. */
export function ActiveFaults({ channels }: { channels: readonly ChannelView[] }) {
  const { t } = useTranslation("phone");
  const { id } = useWorkspace();
  const faults = useQuery(faultsQuery(id));
  const clear = useClearFaults();
  const remove = useRemoveFault();
  const failed = clear.error ?? remove.error;
  if (faults.isPending) {
    return <Skeleton lines={1} />;
  }
  if (faults.isError && !faults.data) {
    return <LoadError query={faults} />;
  }
  return (
    <div className="grid gap-3 text-sm">
      {failed ? <Notice tone="bad">{asProblem(failed).message}</Notice> : null}
      {faults.data?.length === 0 ? (
        <p role="status" className="text-ink-soft">
          {t("faults.none")}
        </p>
      ) : (
        <>
          <ul aria-label={t("faults.set")} className="grid divide-y divide-line border-line border-y">
            {faults.data?.map((fault, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: faults have no id; two may be alike.
              <li key={place} className="flex items-start justify-between gap-3 py-2">
                <FaultLine fault={fault} channel={channels.find(({ id }) => id === fault.channel_id)} />
                <IconButton
                  size="small"
                  label={t("faults.remove", { fault: t(`fault.${fault.kind}.name`) })}
                  icon={<X />}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(fault)}
                />
              </li>
            ))}
          </ul>
          <div>
            <Button size="small" busy={clear.isPending} onClick={() => clear.mutate()}>
              {t("faults.clear")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function FaultLine({ fault, channel }: { fault: ChannelFault; channel: ChannelView | undefined }) {
  const { t, i18n } = useTranslation("phone");
  const value = parameterValue(fault);
  const parameter = parameterOf(fault.kind);
  const parts = [
    channel?.name,
    value === undefined || parameter === "none"
      ? undefined
      : t(parameter === "milliseconds" ? "faults.ms" : parameter === "status" ? "faults.status" : "faults.code", {
          value,
        }),
    fault.to ? t("faults.only", { to: fault.to }) : undefined,
    fault.times == null
      ? t("faults.always")
      : fault.times === 0
        ? t("faults.usedUp")
        : t("faults.times", { count: fault.times }),
    fault.probability == null
      ? undefined
      : t("faults.chance", { chance: formatPercent(fault.probability, i18n.language) }),
  ];
  return (
    <div className="grid gap-0.5">
      <p className="font-medium">{t(`fault.${fault.kind}.name`)}</p>
      <p className="break-anywhere text-ink-soft text-xs">{parts.filter((part) => part !== undefined).join(" · ")}</p>
    </div>
  );
}
