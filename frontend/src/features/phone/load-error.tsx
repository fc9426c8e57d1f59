import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { ErrorState } from "../../ui/state";

/** A card's data could not be loaded; the card tries again alone. */
export function LoadError({ query }: { query: { error: Error | null; isFetching: boolean; refetch: () => unknown } }) {
  const { t } = useTranslation("phone");
  const problem = asProblem(query.error);
  if (problem.code === "sandbox_off") {
    return <ErrorState title={t("error.sandboxOff")} detail={t("error.sandboxOffWhy")} />;
  }
  return (
    <ErrorState
      title={problem.title}
      detail={problem.detail}
      code={problem.code}
      requestId={problem.requestId}
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
    />
  );
}
