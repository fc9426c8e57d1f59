import { useTranslation } from "react-i18next";
import type { Problem } from "../api/problem";

/** Why a call failed, in a sentence: the server's own, and ours in the reader's language where none of the server's came. */
export function useProblemText(): (problem: Problem) => string {
  const { t } = useTranslation();
  return ({ code, status, title, detail }) => {
    if (code === "unreachable") {
      return t("problem.unreachable");
    }
    if (code === "unexpected") {
      return status === 0 ? t("problem.inConsole", { detail }) : t("problem.unreadable", { status });
    }
    return detail ?? title;
  };
}
