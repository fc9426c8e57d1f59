import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import { useProblemText } from "../domain/problem-text";
import { Button, buttonClass } from "../ui/button";
import { Page } from "../ui/page";
import { EmptyState, ErrorState } from "../ui/state";

/** A page's code that the server no longer has: it was updated while this tab was open. */
function isOldVersion(error: unknown): boolean {
  return error instanceof TypeError && /module/i.test(error.message);
}

/** Stands where a page threw or could not be loaded. */
export function ProblemPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const router = useRouter();
  if (isOldVersion(error)) {
    return (
      <Page title={t("problem.newVersion")}>
        <EmptyState
          title={t("problem.newVersion")}
          action={
            <Button look="primary" onClick={() => window.location.reload()}>
              {t("action.reload")}
            </Button>
          }
        >
          {t("problem.newVersionWhy")}
        </EmptyState>
      </Page>
    );
  }
  const problem = asProblem(error);
  return (
    <Page title={t("problem.title")}>
      <ErrorState
        title={problemText(problem)}
        code={problem.code}
        requestId={problem.requestId}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("problem.notFoundTitle")}>
      <EmptyState
        title={t("problem.notFoundTitle")}
        action={
          <Link to="/" className={buttonClass({ look: "primary" })}>
            {t("problem.home")}
          </Link>
        }
      >
        {t("problem.notFound")}
      </EmptyState>
    </Page>
  );
}
