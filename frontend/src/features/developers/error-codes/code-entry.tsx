import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ErrorCode, Reaction } from "../../../api/schema.gen";
import { ProviderMark } from "../../../domain/provider";
import { Facts } from "../../../ui/facts";

/** One code: what the provider says by it, what the gateway does, and who can do something. The table speaks English. */
export function CodeEntry({ code }: { code: ErrorCode }) {
  const { t } = useTranslation("error-codes");
  const { t: td } = useTranslation("domain");
  const sameReaction = code.at_once.note === code.late.note;
  return (
    <article aria-label={t("entry", { code: span(code) })} className="grid gap-2 px-4 py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-mono font-semibold text-base">{span(code)}</h2>
        <ProviderMark provider={code.provider} />
        <span className="break-anywhere font-mono text-ink-soft text-xs">{code.failure}</span>
      </div>
      <p lang="en" className="max-w-prose text-sm">
        {code.cause}
      </p>
      <Facts
        items={[
          { label: t("advice"), value: <span lang="en">{code.advice}</span> },
          ...(sameReaction
            ? [{ label: t("reaction"), value: <Does reaction={code.at_once} /> }]
            : [
                { label: t("atOnce"), value: <Does reaction={code.at_once} /> },
                { label: t("late"), value: <Does reaction={code.late} /> },
              ]),
          ...(code.retries === undefined || code.retries === null
            ? []
            : [{ label: t("retries"), value: t("retriesMost", { count: code.retries }) }]),
          { label: t("actor"), value: td(`actor.${code.actor}`) },
          {
            label: t("failover.label"),
            value: (
              <>
                {t(`failover.${code.failover}`)}. <span lang="en">{code.failover_note}</span>
              </>
            ),
          },
          {
            label: t("source"),
            value: (
              <a
                href={code.source}
                target="_blank"
                rel="noreferrer"
                className="link break-anywhere inline-block py-0.5"
              >
                {code.source}
                <ExternalLink aria-hidden className="ms-1 inline size-3 align-[-1px]" />
              </a>
            ),
          },
        ]}
      />
    </article>
  );
}

function Does({ reaction }: { reaction: Reaction }) {
  const { t } = useTranslation("error-codes");
  return (
    <>
      <span className="font-medium">{t(`action.${reaction.action}`)}.</span> <span lang="en">{reaction.note}</span>
      {reaction.wait_seconds ? ` ${t("wait", { count: reaction.wait_seconds })}` : null}
    </>
  );
}

function span({ code, last_code }: ErrorCode): string {
  return code === last_code ? String(code) : `${code}–${last_code}`;
}
