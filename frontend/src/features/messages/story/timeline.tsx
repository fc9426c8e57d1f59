import { useTranslation } from "react-i18next";
import type { ChannelView, MessageStory } from "../../../api/schema.gen";
import { momentsOf, type Told } from "../../../domain/timeline";
import { formatDuration } from "../../../lib/format";
import { Time } from "../../../ui/time";
import { ChannelName } from "../channel-name";
import { Section } from "./section";

/** What the feed says of the message, with the time between. */
export function Timeline({ story, channels }: { story: MessageStory; channels: readonly ChannelView[] }) {
  const { t, i18n } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const began = new Date(story.created_at).toDateString();
  return (
    <Section title={t("timeline.title")}>
      <ol className="grid text-sm">
        {momentsOf(story.timeline).map(({ event, since, failure, runAt, told }) => (
          <li key={event.seq} className="group flex gap-3">
            <span aria-hidden className="flex w-2 shrink-0 flex-col items-center">
              <span className="mt-1.5 size-2 shrink-0 rounded-full bg-line-strong group-last:bg-accent" />
              <span className="w-px grow bg-line group-last:hidden" />
            </span>
            <div className="grid grow gap-0.5 pb-3 group-last:pb-0">
              <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span>{td(`event.${event.type}`)}</span>
                <span className="text-ink-soft text-xs">
                  {since === undefined ? null : (
                    <span className="mr-2">
                      {t("timeline.later", { duration: formatDuration(since, i18n.language) })}
                    </span>
                  )}
                  <Time value={event.at} look={new Date(event.at).toDateString() === began ? "clock" : "full"} />
                </span>
              </div>
              <ToldLines told={told} channels={channels} />
              {failure ? <p className="text-ink-soft text-xs">{td(`failure.${failure.code}.title`)}</p> : null}
              {runAt ? (
                <p className="text-ink-soft text-xs">
                  {t("timeline.next")} <Time value={runAt} look="clock" />
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Who did it, from where to where, and why. */
function ToldLines({ told, channels }: { told: Told; channels: readonly ChannelView[] }) {
  const { t } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const { by, reason, because, hold, move } = told;
  return (
    <>
      {move ? (
        <p className="flex flex-wrap items-center gap-x-1.5 text-ink-soft text-xs">
          <ChannelName id={move.from} channels={channels} />
          <span aria-hidden>→</span>
          <span className="sr-only">{t("timeline.to")}</span>
          <ChannelName id={move.to} channels={channels} />
          {move.template ? <span>{t("timeline.template", { name: move.template })}</span> : null}
        </p>
      ) : null}
      {by ? (
        <p className="text-ink-soft text-xs">{by === "policy" ? t("timeline.byPolicy") : t("timeline.by", { by })}</p>
      ) : null}
      {reason ? (
        <p dir="auto" className="break-anywhere text-ink-soft text-xs">
          {t("timeline.reason", { reason })}
        </p>
      ) : null}
      {because ? (
        <p lang="en" className="text-ink-soft text-xs">
          {because}
        </p>
      ) : null}
      {hold ? <p className="text-ink-soft text-xs">{td(`hold.${hold}.title`)}</p> : null}
    </>
  );
}
