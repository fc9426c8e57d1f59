import { useTranslation } from "react-i18next";
import type { MessageStory } from "../../../api/schema.gen";
import { momentsOf } from "../../../domain/timeline";
import { formatDuration } from "../../../lib/format";
import { Time } from "../../../ui/time";
import { Section } from "./section";

/** What the feed says of the message, with the time between. */
export function Timeline({ story }: { story: MessageStory }) {
  const { t, i18n } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const began = new Date(story.created_at).toDateString();
  return (
    <Section title={t("timeline.title")}>
      <ol className="grid text-sm">
        {momentsOf(story.timeline).map(({ event, since, failure, runAt }) => (
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
