import { useTranslation } from "react-i18next";
import type { AttemptState, AttemptView, ChannelView, MessageStory } from "../../../api/schema.gen";
import { FailureDetail } from "../../../domain/failure";
import { formatDuration } from "../../../lib/format";
import { Badge } from "../../../ui/badge";
import { Details } from "../../../ui/details";
import { type Fact, Facts } from "../../../ui/facts";
import { JsonView } from "../../../ui/json";
import { Time } from "../../../ui/time";
import { ChannelName } from "../channel-name";
import { stepsOf } from "./attempt-steps";
import { CopyId } from "./copy-id";
import { Looks } from "./looks";
import { Section } from "./section";

const tones: Record<AttemptState, "neutral" | "warn" | "bad"> = {
  sending: "neutral",
  accepted: "neutral",
  refused: "bad",
  unknown: "warn",
};

/** Each try to put the message on the wire. */
export function Attempts({ story, channels }: { story: MessageStory; channels: readonly ChannelView[] }) {
  const { t } = useTranslation("messages");
  return (
    <Section title={t("attempts.title")}>
      {story.tries.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("attempts.none")}</p>
      ) : (
        <ol className="grid gap-3">
          {story.tries.map((attempt) => (
            <li key={attempt.id}>
              <Attempt attempt={attempt} channels={channels} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function Attempt({ attempt, channels }: { attempt: AttemptView; channels: readonly ChannelView[] }) {
  const { t, i18n } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const items: Fact[] = [
    { label: t("fact.channel"), value: <ChannelName id={attempt.channel_id} channels={channels} /> },
    { label: t("attempts.id"), value: <CopyId value={attempt.id} label={t("copy.attempt", { n: attempt.n })} /> },
  ];
  if (attempt.provider_message_id) {
    items.push({
      label: t("fact.providerId"),
      value: <CopyId value={attempt.provider_message_id} label={t("copy.attemptProviderId", { n: attempt.n })} />,
    });
  }
  if (attempt.evidence) {
    items.push({ label: t("attempts.evidence"), value: td(`evidence.${attempt.evidence}`) });
  }
  for (const { step, at, since } of stepsOf(attempt)) {
    items.push({
      label: t(`attempts.step.${step}`),
      value: (
        <>
          <Time value={at} look="clock" />
          {since === undefined ? null : (
            <span className="ml-2 text-ink-soft text-xs">
              {t("timeline.later", { duration: formatDuration(since, i18n.language) })}
            </span>
          )}
        </>
      ),
    });
  }
  if (attempt.failure) {
    items.push({
      label: t("attempts.failure"),
      value: (
        <>
          <p>{td(`failure.${attempt.failure.code}.title`)}</p>
          <div className="text-ink-soft text-xs">
            <FailureDetail failure={attempt.failure} />
          </div>
        </>
      ),
    });
  }
  return (
    <div className="grid gap-3 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h4 className="font-medium text-sm">{t("attempts.n", { n: attempt.n })}</h4>
        <Badge tone={tones[attempt.state]}>{td(`attempt.${attempt.state}`)}</Badge>
      </div>
      <Facts items={items} />
      {attempt.inquiry ? <Looks inquiry={attempt.inquiry} /> : null}
      {attempt.pricing ? (
        <Details summary={t("attempts.pricing")}>
          <JsonView value={attempt.pricing} label={t("attempts.pricing")} />
        </Details>
      ) : null}
    </div>
  );
}
