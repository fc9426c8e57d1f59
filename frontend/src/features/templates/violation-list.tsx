import { useTranslation } from "react-i18next";
import type { Violation } from "../../api/schema.gen";
import { Notice } from "../../ui/notice";

/** Rules that a definition breaks, each with where it does. */
export function ViolationList({ of }: { of: readonly Pick<Violation, "field" | "message">[] }) {
  const { t } = useTranslation("templates");
  return of.length === 0 ? null : (
    <Notice tone="warn" title={t("violations", { count: of.length })}>
      <ul className="grid gap-0.5">
        {of.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            <code className="font-mono text-xs">{field}</code>: {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
