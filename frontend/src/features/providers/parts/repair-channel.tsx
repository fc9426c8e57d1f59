import { Wrench } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { ChannelView, Repair } from "../../../api/schema.gen";
import { Button } from "../../../ui/button";
import { Confirm } from "../../../ui/dialog";
import { Notice } from "../../../ui/notice";
import { useRepairChannel } from "../queries";
import { ProblemText } from "./problem-notice";
import { useProviderName } from "./use-provider-name";

/** Lets the gateway set at the provider what brings its webhooks here: says before what it will set, and after what it replaced. */
export function RepairChannel({ channel }: { channel: ChannelView }) {
  const { t } = useTranslation("providers");
  const named = useProviderName();
  const repair = useRepairChannel();
  const [asking, setAsking] = useState(false);
  const provider = named(channel.provider);
  return (
    <div className="grid gap-3">
      <div>
        <Button size="small" icon={<Wrench />} onClick={() => setAsking(true)}>
          {t("repair.action")}
        </Button>
      </div>
      {repair.data ? <Mended repair={repair.data.repair} /> : null}
      <Confirm
        open={asking}
        title={t("repair.title", { provider })}
        body={
          <div className="grid gap-2">
            <p>{t(`repair.body.${channel.provider}`)}</p>
            {channel.webhook.callback_url ? (
              <p className="break-anywhere font-mono text-xs">{channel.webhook.callback_url}</p>
            ) : null}
            <p>{t("repair.replaces")}</p>
          </div>
        }
        confirmLabel={t("repair.confirm")}
        busy={repair.isPending}
        error={repair.error ? <ProblemText problem={asProblem(repair.error)} /> : undefined}
        onConfirm={() => repair.mutate(channel.id, { onSuccess: () => setAsking(false) })}
        onCancel={() => {
          setAsking(false);
          if (repair.error) {
            repair.reset();
          }
        }}
      />
    </div>
  );
}

/** What a repair set, with what stood there before. */
function Mended({ repair }: { repair: Repair }) {
  const { t } = useTranslation("providers");
  const { mended, stopped } = repair;
  return (
    <Notice
      tone={stopped ? "warn" : "ok"}
      title={
        stopped
          ? t("repair.stopped")
          : mended.length === 0
            ? t("repair.nothing")
            : t("repair.done", { count: mended.length })
      }
    >
      {stopped ? <p>{stopped}</p> : null}
      {mended.length > 0 ? (
        <ul aria-label={t("repair.list")} className="grid gap-1.5">
          {mended.map(({ step, before, after }) => (
            <li key={step}>
              <p className="font-medium text-ink">{t(`repair.step.${step}`)}</p>
              <p className="text-xs">{t("repair.before", { value: before ?? t("repair.none") })}</p>
              <p className="text-xs">{t("repair.after", { value: after ?? t("repair.none") })}</p>
            </li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}
