import { asProblem } from "../../api/problem";
import { useProblemText } from "../../domain/problem-text";
import { ErrorState } from "../../ui/state";

/** Stands where the query's data would be. */
export function FailedLoad({
  title,
  query,
}: {
  title: string;
  query: { error: unknown; isFetching: boolean; refetch: () => unknown };
}) {
  const problemText = useProblemText();
  const problem = asProblem(query.error);
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
