import { useTranslation } from "react-i18next";
import type { Problem } from "../../../api/problem";
import { Notice } from "../../../ui/notice";

/** What the API answered in place of doing it, beside what it is about; matched by its code. */
export function ProblemNotice({ title, problem }: { title: string; problem: Problem }) {
  return (
    <Notice tone="bad" title={title}>
      <ProblemText problem={problem} />
    </Notice>
  );
}

export function ProblemText({ problem }: { problem: Problem }) {
  const { t } = useTranslation("providers");
  switch (problem.code) {
    case "unreachable":
      return <>{t("problem.unreachable")}</>;
    case "forbidden":
      return <>{t("problem.forbidden")}</>;
    case "not_found":
      return <>{t("problem.not_found")}</>;
    case "sandbox_off":
      return <>{t("problem.sandbox_off")}</>;
    case "rate_limited":
      return <>{t("problem.rate_limited", { count: problem.retryAfter ?? 1 })}</>;
    case "busy":
    case "idempotency_key_running":
      return <>{t("problem.busy")}</>;
    default:
      // The server's own sentence is the most exact one; what it says of fields without a place here is listed.
      return (
        <>
          <p>{problem.detail ?? problem.title}</p>
          {problem.errors.length > 1 ? (
            <ul className="list-disc ps-4">
              {problem.errors.map((error) => (
                <li key={error.field}>
                  <span className="font-mono">{error.field}</span>: {error.message}
                </li>
              ))}
            </ul>
          ) : null}
          {problem.requestId && (problem.code === "internal" || problem.code === "unexpected") ? (
            <p className="font-mono text-xs">{problem.requestId}</p>
          ) : null}
        </>
      );
  }
}
