import clsx from "clsx";
import { CircleCheck, CircleDashed, CircleMinus, CircleX, type LucideIcon, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Check, CheckReport, CheckResult, FieldDescriptor } from "../../../api/schema.gen";
import { Notice } from "../../../ui/notice";
import { Time } from "../../../ui/time";

const looks: Record<CheckResult, { icon: LucideIcon; ink: string }> = {
  pass: { icon: CircleCheck, ink: "text-ok" },
  warn: { icon: TriangleAlert, ink: "text-warn" },
  fail: { icon: CircleX, ink: "text-bad" },
  skipped: { icon: CircleMinus, ink: "text-ink-faint" },
  unproven: { icon: CircleDashed, ink: "text-info" },
};

/** What a connection test found: one verdict, then each check with what it found and what cures it. */
export function CheckReportView({
  report,
  resumed = false,
  fields,
  onField,
}: {
  report: CheckReport;
  /** The test ended a hold. */
  resumed?: boolean | undefined;
  /** The form's fields, by which a check names the one that is probably wrong. */
  fields: readonly FieldDescriptor[];
  onField?: ((name: string) => void) | undefined;
}) {
  const { t } = useTranslation("providers");
  const failed = report.checks.filter((check) => check.result === "fail").length;
  const warned = report.checks.filter((check) => check.result === "warn").length;
  const unproven = report.checks.some((check) => check.result === "unproven");
  const tone = report.healthy ? (warned > 0 ? "warn" : unproven ? "info" : "ok") : "bad";
  return (
    <section aria-label={t("report.title")} className="grid gap-3">
      <Notice
        tone={tone}
        title={
          tone === "ok"
            ? t("report.good", { count: report.checks.length })
            : tone === "info"
              ? t("report.unproven")
              : tone === "warn"
                ? t("report.warned", { count: warned })
                : t("report.failed", { count: failed, total: report.checks.length })
        }
      >
        {resumed ? <p>{t("report.resumed")}</p> : null}
        {report.checked_at ? (
          <p className="text-xs">
            {t("report.at")} <Time value={report.checked_at} look="relative" />
          </p>
        ) : null}
      </Notice>
      <ul aria-label={t("report.checks")} className="grid divide-y divide-line rounded-md border border-line">
        {report.checks.map((check) => (
          <CheckRow
            key={check.name}
            check={check}
            field={fields.find((field) => field.name === check.field)}
            onField={onField}
          />
        ))}
      </ul>
    </section>
  );
}

function CheckRow({
  check,
  field,
  onField,
}: {
  check: Check;
  field: FieldDescriptor | undefined;
  onField: ((name: string) => void) | undefined;
}) {
  const { t } = useTranslation("providers");
  const { icon: Icon, ink } = looks[check.result];
  return (
    <li className="flex items-start gap-2.5 px-3 py-2 text-sm">
      <Icon aria-hidden className={clsx("mt-0.5 size-4 shrink-0", ink)} />
      <div className="break-anywhere grid flex-1 gap-0.5">
        <p className="flex flex-wrap justify-between gap-x-3">
          <span className="font-medium">{t(`check.${check.name}`)}</span>
          <span className={clsx("text-xs leading-5", check.result === "skipped" ? "text-ink-soft" : ink)}>
            {t(`result.${check.result}`)}
          </span>
        </p>
        <p lang="en" className="text-ink-soft">
          {check.finding}
        </p>
        {check.cure ? <p lang="en">{check.cure}</p> : null}
        {field && onField ? (
          <button type="button" className="link min-h-6 justify-self-start" onClick={() => onField(field.name)}>
            {t("report.toField", { field: field.label })}
          </button>
        ) : null}
      </div>
    </li>
  );
}
