import { useTranslation } from "react-i18next";
import type { Problem, ProblemCode } from "../../api/problem";
import { Notice } from "../../ui/notice";

/** Codes of which more can be said than the server does. */
const known = {
  unreachable: "unreachable",
  busy: "busy",
  rate_limited: "rateLimited",
  idempotency_key_running: "running",
  idempotency_key_reused: "reused",
  payload_too_large: "tooLarge",
  forbidden: "forbidden",
} as const satisfies Partial<Record<ProblemCode, string>>;

function isKnown(code: ProblemCode): code is keyof typeof known {
  return code in known;
}

/** Why a message was not taken, when no field is to blame. Nothing typed is lost, and trying again can't send it twice. */
export function SendProblem({ problem }: { problem: Problem }) {
  const { t } = useTranslation("compose");
  const { code, title, detail, errors, requestId, retryAfter } = problem;
  return (
    <Notice tone="bad" title={isKnown(code) ? t(`problem.${known[code]}`) : title}>
      {code === "rate_limited" && retryAfter !== undefined ? <p>{t("problem.wait", { count: retryAfter })}</p> : null}
      {isKnown(code) ? null : <p>{detail}</p>}
      {errors.length > 0 ? (
        <ul className="list-disc ps-4">
          {errors.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <code className="font-mono text-xs">{field}</code>: {message}
            </li>
          ))}
        </ul>
      ) : null}
      {requestId ? <p className="mt-1 font-mono text-xs">{t("problem.request", { id: requestId })}</p> : null}
    </Notice>
  );
}
