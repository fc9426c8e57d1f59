import { useTranslation } from "react-i18next";
import type { Inquiry } from "../../../api/schema.gen";
import { Time } from "../../../ui/time";
import { CopyId } from "./copy-id";

/** What was done to find out what became of an attempt, and what somebody decided. */
export function Looks({ inquiry }: { inquiry: Inquiry }) {
  const { t } = useTranslation("messages");
  const { looks = [], given_up, decision } = inquiry;
  return (
    <div className="grid gap-2 text-sm">
      {looks.length > 0 ? (
        <ol aria-label={t("looks.title")} className="grid gap-2">
          {looks.map(({ at, outcome, listed, sent_after, sent_before, candidates, detail }) => (
            <li key={at} className="grid gap-0.5">
              <span className="flex flex-wrap items-baseline gap-x-2">
                <Time value={at} look="clock" />
                <span>{t(`looks.outcome.${outcome}`)}</span>
              </span>
              {outcome === "no_list" || outcome === "unreadable" ? null : (
                <span className="text-ink-soft text-xs">
                  {t("looks.listed", { count: listed })} <Time value={sent_after} look="clock" /> –{" "}
                  <Time value={sent_before} look="clock" />
                </span>
              )}
              {candidates.map((candidate, n) => (
                <CopyId key={candidate} value={candidate} label={t("copy.candidate", { n: n + 1 })} />
              ))}
              {detail ? (
                <span lang="en" className="break-anywhere text-ink-soft text-xs">
                  {detail}
                </span>
              ) : null}
            </li>
          ))}
        </ol>
      ) : null}
      {given_up ? (
        <p>
          {t("looks.givenUp")} <Time value={given_up.at} look="full" />{" "}
          <span lang="en" className="block text-ink-soft text-xs">
            {given_up.reason}
          </span>
        </p>
      ) : null}
      {decision ? (
        <p>
          {t(`looks.decided.${decision.decision}`, {
            by: decision.by === "policy" ? t("looks.policy") : decision.by,
          })}{" "}
          <Time value={decision.at} look="full" />
          {decision.reason ? (
            <span dir="auto" className="block text-ink-soft text-xs">
              {t("timeline.reason", { reason: decision.reason })}
            </span>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
