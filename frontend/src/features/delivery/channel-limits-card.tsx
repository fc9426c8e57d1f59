import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleDashed, CircleX, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ChannelLimits, ChannelView, CircuitState, PeopleReached } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailureNote } from "../../domain/failure";
import { ProviderMark } from "../../domain/provider";
import { formatNumber } from "../../lib/format";
import { Badge } from "../../ui/badge";
import { Card } from "../../ui/card";
import { type Fact, Facts } from "../../ui/facts";
import { Time } from "../../ui/time";
import type { Tone } from "../../ui/tone";

const looks: Record<CircuitState, { icon: LucideIcon; tone: Tone }> = {
  closed: { icon: CircleCheck, tone: "ok" },
  half_open: { icon: CircleDashed, tone: "warn" },
  open: { icon: CircleX, tone: "bad" },
};

/** One sender: its ceiling, the rate kept now, its distance between messages to one person, and its circuit. */
export function ChannelLimitsCard({ limits, channel }: { limits: ChannelLimits; channel: ChannelView | undefined }) {
  const { t, i18n } = useTranslation("delivery");
  const workspace = useWorkspace();
  const { ceiling, rate, pair, people, circuit } = limits;
  const perSecond = (value: number) =>
    t("limits.perSecond", { rate: formatNumber(value, i18n.language, { maximumFractionDigits: 1 }) });
  const { icon: Icon, tone } = looks[circuit.state];

  const facts: Fact[] = [
    {
      label: t("limits.ceiling"),
      value: (
        <>
          {perSecond(ceiling.messages_per_second)}
          <span className="block text-ink-soft">{t(`limits.source.${ceiling.source}`)}</span>
        </>
      ),
    },
    {
      label: t("limits.rate"),
      value: rate ? (
        <>
          {perSecond(rate.messages_per_second)}
          {rate.lowered_at ? (
            <span className="block text-warn">
              {t("limits.lowered")} <Time value={rate.lowered_at} look="short" />
            </span>
          ) : (
            <span className="block text-ink-soft">{t("limits.full")}</span>
          )}
        </>
      ) : (
        <span className="text-ink-soft">{t("limits.idle")}</span>
      ),
    },
    {
      label: t("limits.pair"),
      value: pair ? (
        t("limits.pairText", { count: pair.seconds_per_message.value, burst: pair.burst.value })
      ) : (
        <span className="text-ink-soft">{t("limits.noPair")}</span>
      ),
    },
    ...(people ? [{ label: t("limits.people"), value: <People people={people} /> }] : []),
    {
      label: t("limits.circuit"),
      value: (
        <>
          {t(`circuit.${circuit.state}.text`)}
          {circuit.changed_at ? (
            <span className="block text-ink-soft">
              {t("limits.since")} <Time value={circuit.changed_at} look="short" />
            </span>
          ) : null}
          {circuit.probe_at ? (
            <span className="block text-ink-soft">
              {t("limits.nextLook")} <Time value={circuit.probe_at} look="clock" />
            </span>
          ) : null}
        </>
      ),
    },
  ];
  return (
    <Card
      title={
        channel ? (
          <Link
            to="/w/$workspace/channels/$channel"
            params={{ workspace: workspace.id, channel: channel.id }}
            className="reach rounded-sm hover:underline hover:underline-offset-3"
          >
            <ProviderMark provider={channel.provider} name={channel.name} />
          </Link>
        ) : (
          t("limits.channel")
        )
      }
      actions={
        <>
          {channel?.state === "held" ? <Badge tone="warn">{t("limits.held")}</Badge> : null}
          <Badge tone={tone} icon={<Icon />}>
            {t(`circuit.${circuit.state}.label`)}
          </Badge>
        </>
      }
    >
      <div className="grid gap-4">
        {circuit.reason ? <FailureNote failure={circuit.reason} tone="bad" /> : null}
        <Facts items={facts} />
        {rate?.failure ? <FailureNote failure={rate.failure} tone="warn" /> : null}
      </div>
    </Card>
  );
}

/** Beyond this share of the limit others wait. */
const FULL = 0.95;

/** How many people the account has written to first within a day, of how many it may. */
function People({ people: { people, reached, source } }: { people: PeopleReached }) {
  const { t, i18n } = useTranslation("delivery");
  const full = reached >= people * FULL;
  return (
    <>
      {t("limits.peopleText", {
        reached: formatNumber(reached, i18n.language),
        most: formatNumber(people, i18n.language),
      })}
      <span className="block text-ink-soft">{t(`limits.source.${source}`)}</span>
      {full ? <span className="block text-warn">{t("limits.peopleFull")}</span> : null}
    </>
  );
}
