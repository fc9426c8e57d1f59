import clsx from "clsx";
import { Check, CircleHelp, type LucideIcon, Minus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Cell, CellVerdict } from "../../../api/schema.gen";
import { formatDay } from "../../../lib/format";

const marks: Record<Exclude<CellVerdict, "text">, { icon: LucideIcon; ink: string }> = {
  yes: { icon: Check, ink: "text-ok" },
  partly: { icon: Minus, ink: "text-warn" },
  no: { icon: X, ink: "text-ink" },
  unknown: { icon: CircleHelp, ink: "text-ink-soft" },
};

/** What holds at one provider, in a word and a note, and how it is known. */
export function ComparisonCell({ cell, about }: { cell: Cell; about: string }) {
  const { t, i18n } = useTranslation("providers");
  return (
    <div className="grid gap-0.5">
      {cell.verdict === "text" ? null : <Verdict verdict={cell.verdict} />}
      <p lang="en" className={cell.verdict === "text" ? undefined : "text-ink-soft"}>
        {cell.note}
      </p>
      <p className="flex flex-wrap gap-x-2 text-ink-faint text-xs">
        {cell.url ? (
          <a
            href={cell.url}
            target="_blank"
            rel="noreferrer"
            aria-label={t("comparison.sourceOf", { about, host: hostOf(cell.url) })}
            className="rounded-sm py-1 underline decoration-line-strong underline-offset-3 hover:text-ink"
          >
            {hostOf(cell.url)}
          </a>
        ) : (
          <span className="py-1">{cell.source}</span>
        )}
        <span className="whitespace-nowrap py-1">{formatDay(cell.checked_on, i18n.language)}</span>
      </p>
    </div>
  );
}

function Verdict({ verdict }: { verdict: Exclude<CellVerdict, "text"> }) {
  const { t } = useTranslation("providers");
  const { icon: Icon, ink } = marks[verdict];
  return (
    <p className={clsx("flex items-center gap-1.5 font-medium", ink)}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {t(`verdict.${verdict}`)}
    </p>
  );
}

/** `www.example.com/a/b` is named by its host. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}
