import type { Problem } from "../../../api/problem";
import { ErrorState } from "../../../ui/state";
import { ProblemText } from "./problem-notice";

/** Stands where the data would be that could not be fetched. */
export function LoadProblem({
  problem,
  onRetry,
  retrying,
}: {
  problem: Problem;
  onRetry: () => void;
  retrying: boolean;
}) {
  return (
    <ErrorState
      detail={<ProblemText problem={problem} />}
      code={problem.code}
      requestId={problem.requestId}
      onRetry={onRetry}
      retrying={retrying}
    />
  );
}
