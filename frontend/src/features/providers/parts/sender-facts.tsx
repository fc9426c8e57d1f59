import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelFactsView, Quality } from "../../../api/schema.gen";
import { formatNumber } from "../../../lib/format";
import { Badge } from "../../../ui/badge";
import { Facts } from "../../../ui/facts";
import { Time } from "../../../ui/time";
import type { Tone } from "../../../ui/tone";

const tones: Record<Quality, Tone> = { green: "ok", yellow: "warn", red: "bad", unknown: "neutral" };

/** What the provider says of the sender; what it has not said is left out. */
export function SenderFacts({ facts }: { facts: ChannelFactsView }) {
  const { t, i18n } = useTranslation("providers");
  const limit = Number(facts.messaging_limit ?? Number.NaN);
  const moment = (at: string | null | undefined) => (at ? <Time value={at} look="full" /> : undefined);
  const known: { label: string; value: ReactNode }[] = [
    { label: t("facts.number"), value: facts.display_number },
    { label: t("facts.name"), value: withStatus(facts.verified_name, facts.name_status) },
    {
      label: t("facts.quality"),
      value: facts.quality ? <Badge tone={tones[facts.quality]}>{t(`quality.${facts.quality}`)}</Badge> : undefined,
    },
    {
      label: t("facts.limit"),
      value:
        facts.messaging_limit === "unlimited"
          ? t("facts.unlimited")
          : Number.isFinite(limit)
            ? formatNumber(limit, i18n.language)
            : facts.messaging_limit,
    },
    { label: t("facts.throughput"), value: facts.throughput },
    { label: t("facts.sender"), value: facts.sender_status },
    { label: t("facts.account"), value: facts.account_status },
    { label: t("facts.templatesFrom"), value: moment(facts.business_restricted_until) },
    { label: t("facts.repliesFrom"), value: moment(facts.replies_restricted_until) },
    { label: t("facts.tokenEnds"), value: moment(facts.token_expires_at) },
    { label: t("facts.roundTrip"), value: moment(facts.round_trip_at) },
    {
      label: t("facts.refused"),
      value:
        facts.webhooks_refused > 0 ? (
          <>
            {t("facts.refusedCount", { count: facts.webhooks_refused })}
            {facts.webhook_refusal ? ` (${t(`refusal.${facts.webhook_refusal}`)})` : null}
            {facts.webhook_refused_at ? (
              <>
                {", "}
                <Time value={facts.webhook_refused_at} look="relative" />
              </>
            ) : null}
          </>
        ) : undefined,
    },
    { label: t("facts.asked"), value: moment(facts.observed_at) },
  ].filter(({ value }) => value !== undefined && value !== null);
  return known.length > 0 ? <Facts items={known} /> : null;
}

function withStatus(name: string | null | undefined, status: string | null | undefined): string | undefined {
  return name ? (status ? `${name} (${status})` : name) : (status ?? undefined);
}
