import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleDashed, CircleX, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type {
  ChannelLimits,
  ChannelView,
  CircuitState,
  ManagementStanding,
  ManagementState,
  PeopleReached,
} from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailureNote } from "../../domain/failure";
import { ProviderMark } from "../../domain/provider";
import { formatNumber } from "../../lib/format";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { type Fact, Facts } from "../../ui/facts";
import { Time } from "../../ui/time";
import type { Tone } from "../../ui/tone";
import { PeopleDialog } from "./people-dialog";

const looks: Record<CircuitState, { icon: LucideIcon; tone: Tone }> = {
  closed: { icon: CircleCheck, tone: "ok" },
  half_open: { icon: CircleDashed, tone: "warn" },
  open: { icon: CircleX, tone: "bad" },
};

/** One sender: its ceiling, the rate kept now, its distance between messages to one person, and its circuit. */
export function ChannelLimitsCard({ limits, channel }: { limits: ChannelLimits; channel: ChannelView | undefined }) {
  const { t, i18n } = useTranslation("delivery");
  const workspace = useWorkspace();
  const { ceiling, rate, pair, people, circuit, management } = limits;
  const [changing, setChanging] = useState(false);
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
    {
      label: t("limits.people"),
      value: (
        <>
          {people ? <People people={people} /> : <span className="text-ink-soft">{t("limits.noPeople")}</span>}
          {workspace.can("channels:write") ? (
            <span className="mt-1 block">
              <Button
                size="small"
                aria-label={t("limits.changePeopleNamed", { channel: channel?.name ?? t("limits.channel") })}
                onClick={() => setChanging(true)}
              >
                {t("limits.changePeople")}
              </Button>
            </span>
          ) : null}
        </>
      ),
    },
    ...(management ? [{ label: t("limits.management"), value: <Management standing={management} /> }] : []),
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
  const card = (
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
  return (
    <>
      {card}
      {changing ? (
        <PeopleDialog
          channel={limits.channel_id}
          people={people?.source === "set" ? people.people : undefined}
          onClose={() => setChanging(false)}
        />
      ) : null}
    </>
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

const tones: Record<ManagementState, string> = {
  open: "text-ink-soft",
  slowed: "text-warn",
  urgent_only: "text-warn",
  closed: "text-bad",
};

/** How many calls about the account are still taken within the hour, and why not more. */
function Management({ standing }: { standing: ManagementStanding }) {
  const { t, i18n } = useTranslation("delivery");
  const { used_last_hour, kept_per_hour, reported_percent, state, reason, provider_code, until } = standing;
  const because =
    reason === "refused" && provider_code
      ? t("limits.managementReason.refusedCode", { code: provider_code })
      : reason && t(`limits.managementReason.${reason}`);
  return (
    <>
      {t("limits.managementText", {
        used: formatNumber(used_last_hour, i18n.language),
        kept: formatNumber(kept_per_hour, i18n.language),
      })}
      {reported_percent === undefined || reported_percent === null ? null : (
        <span className="block text-ink-soft">
          {t("limits.managementReported", { percent: formatNumber(reported_percent, i18n.language) })}
        </span>
      )}
      <span className={`block ${tones[state]}`}>
        {t(`limits.managementState.${state}`)} {because}
      </span>
      {until ? (
        <span className="block text-ink-soft">
          {t("limits.managementUntil")} <Time value={until} look="clock" />
        </span>
      ) : null}
    </>
  );
}
