import { useTranslation } from "react-i18next";
import type { MessageStory } from "../../../api/schema.gen";
import { bodyValue, readBody } from "../../../domain/raw-body";
import { Details } from "../../../ui/details";
import { JsonView } from "../../../ui/json";
import { Time } from "../../../ui/time";
import { CopyId } from "./copy-id";
import { Section } from "./section";

/** The providers' callbacks that moved the message, as they arrived. */
export function Webhooks({ story }: { story: MessageStory }) {
  const { t } = useTranslation("messages");
  return (
    <Section title={t("webhooks.title")}>
      {story.webhooks.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("webhooks.none")}</p>
      ) : (
        <ul className="grid gap-1">
          {story.webhooks.map(({ id, received_at, body }, n) => {
            const read = readBody(body);
            return (
              <li key={id}>
                <Details
                  summary={
                    <span className="flex flex-wrap gap-x-2">
                      <span>{t("webhooks.n", { n: n + 1 })}</span>
                      <span className="font-normal">
                        <Time value={received_at} look="clock" />
                      </span>
                    </span>
                  }
                >
                  <div className="grid gap-2">
                    {read.kind === "form" ? <p className="text-ink-soft text-xs">{t("webhooks.form")}</p> : null}
                    <JsonView value={bodyValue(read)} label={t("webhooks.body", { n: n + 1 })} />
                    <CopyId value={id} label={t("copy.webhook", { n: n + 1 })} />
                  </div>
                </Details>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
