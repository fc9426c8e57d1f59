import type { Problem } from "../api/problem";
import { ErrorState } from "../ui/state";
import { useProblemText } from "./problem-text";

/** Stands where a query's data would be. */
export function FailedLoad({
  title,
  problem,
  query,
}: {
  title: string;
  problem: Problem;
  query: { isFetching: boolean; refetch: () => unknown };
}) {
  const problemText = useProblemText();
  return (
    <ErrorState
      title={title}
      detail={problemText(problem)}
      code={problem.code}
      requestId={problem.requestId}
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
    />
  );
}
