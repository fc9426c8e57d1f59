import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { ChannelView, Provider, ProviderKind } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Badge } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Notice } from "../../../ui/notice";
import { RadioCards } from "../../../ui/radio-cards";
import { useToast } from "../../../ui/toast";
import { defaultOf, healthOf, ofProvider } from "../channel";
import { useChooseProvider } from "../queries";
import { ProblemNotice } from "./problem-notice";
import { Sender } from "./sender";
import { useProviderName } from "./use-provider-name";

/** Which provider is looked at, which one is in use, and the step from one to the other. */
export function ProviderChoice({
  providers,
  channels,
  chosen,
  onChoose,
}: {
  providers: readonly Provider[];
  /** Absent while they are not known. */
  channels: readonly ChannelView[] | undefined;
  chosen: Provider;
  onChoose: (provider: ProviderKind) => void;
}) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const inUse = workspace.whatsapp_provider;
  const named = useProviderName();
  return (
    <Card>
      <div className="grid gap-4">
        <RadioCards
          legend={t("choice.legend")}
          name="provider"
          columns={2}
          value={chosen.id}
          onChange={onChoose}
          options={providers.map((provider) => ({
            value: provider.id,
            label: named(provider.id),
            description:
              provider.name === named(provider.id) ? provider.tagline : `${provider.name}: ${provider.tagline}`,
            badge:
              provider.id === inUse ? (
                <Badge tone="ok" icon={<Check />}>
                  {t("choice.inUse")}
                </Badge>
              ) : channels && ofProvider(channels, provider.id).length === 0 ? (
                <Badge>{t("choice.notConnected")}</Badge>
              ) : undefined,
          }))}
        />
        <UseChosen chosen={chosen} channels={channels} />
      </div>
    </Card>
  );
}

function UseChosen({ chosen, channels }: { chosen: Provider; channels: readonly ChannelView[] | undefined }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const toast = useToast();
  const choose = useChooseProvider();
  const named = useProviderName();
  const provider = named(chosen.id);
  const current = named(workspace.whatsapp_provider);
  const isCurrent = chosen.id === workspace.whatsapp_provider;
  const carrier = channels && defaultOf(channels, chosen.id);
  const mayChoose = workspace.can("workspace:write");

  function use() {
    choose.mutate(chosen.id, { onSuccess: () => toast.ok(t("choice.done", { provider })) });
  }

  const button =
    isCurrent || !mayChoose ? null : (
      <Button look={channels && !carrier ? "plain" : "primary"} busy={choose.isPending} onClick={use}>
        {t("choice.use", { provider })}
      </Button>
    );

  return (
    <div className="grid gap-3">
      {channels && !carrier ? (
        <Notice tone="warn" title={t("choice.noChannelTitle", { provider })} action={button}>
          {isCurrent ? t("choice.noChannelNow") : t("choice.noChannelThen", { provider, current })}
        </Notice>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <p className="min-h-10 max-w-prose flex-1 basis-72 text-ink-soft text-sm">
            {isCurrent ? t("choice.now", { provider }) : t("choice.then", { provider, current })}{" "}
            {carrier ? (
              <>
                {t("choice.from")} <span className="break-anywhere font-medium text-ink">{carrier.name}</span> (
                <Sender channel={carrier} />
                ).
              </>
            ) : null}
          </p>
          {button}
        </div>
      )}
      {carrier?.state === "held" ? <Notice tone="warn">{t("choice.held", { channel: carrier.name })}</Notice> : null}
      {carrier && healthOf(carrier) === "failing" ? (
        <Notice tone="warn">{t("choice.failing", { channel: carrier.name })}</Notice>
      ) : null}
      {mayChoose ? null : <p className="text-ink-soft text-sm">{t("choice.readOnly")}</p>}
      {choose.error ? (
        <ProblemNotice title={t("choice.failed", { provider })} problem={asProblem(choose.error)} />
      ) : null}
    </div>
  );
}
