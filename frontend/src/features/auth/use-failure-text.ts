import { useTranslation } from "react-i18next";
import type { Problem } from "../../api/problem";
import { useProblemText } from "../../domain/problem-text";

/** What a person who can't get in should do, by the problem's code. */
export function useFailureText(): (problem: Problem) => string {
  const { t } = useTranslation("auth");
  const problemText = useProblemText();
  return (problem) => {
    switch (problem.code) {
      case "wrong_credentials":
        return t("error.wrongCredentials");
      case "setup_code_wrong":
        return t("error.codeWrong");
      case "rate_limited":
        return t("error.rateLimited", { seconds: problem.retryAfter ?? 60 });
      default:
        return problemText(problem);
    }
  };
}
