import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { messageQuery } from "../../api/messages";
import { asProblem } from "../../api/problem";
import type { ChannelView, MessageStory } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { PhoneNumber } from "../../domain/number";
import { useProblemText } from "../../domain/problem-text";
import { Drawer } from "../../ui/dialog";
import { ErrorState, Skeleton } from "../../ui/state";
import { Actions } from "./story/actions";
import { Attempts } from "./story/attempts";
import { Summary } from "./story/summary";
import { Timeline } from "./story/timeline";
import { Webhooks } from "./story/webhooks";

/** One message and everything that happened to it; open while `message` names one. */
export function StoryDrawer({
  message,
  channels,
  onClose,
}: {
  message: string | undefined;
  channels: readonly ChannelView[];
  onClose: () => void;
}) {
  const { t } = useTranslation("messages");
  const { id: workspace } = useWorkspace();
  const query = useQuery({ ...messageQuery(workspace, message ?? ""), enabled: message !== undefined });
  const story = query.data;
  return (
    <Drawer
      open={message !== undefined}
      onClose={onClose}
      title={story ? <Title story={story} /> : t("story.title")}
      footer={story ? <Actions story={story} /> : undefined}
    >
      {story ? (
        <div className="grid gap-6">
          <Summary story={story} channels={channels} />
          <Timeline story={story} channels={channels} />
          {story.direction === "outbound" ? <Attempts story={story} channels={channels} /> : null}
          <Webhooks story={story} />
        </div>
      ) : query.isError ? (
        <Failed error={query.error} retrying={query.isFetching} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton height="32rem" />
      )}
    </Drawer>
  );
}

function Title({ story: { direction, person } }: { story: MessageStory }) {
  const { t } = useTranslation("messages");
  return (
    <>
      {t(direction === "outbound" ? "story.to" : "story.from")} <PhoneNumber value={person} />
    </>
  );
}

function Failed({ error, retrying, onRetry }: { error: unknown; retrying: boolean; onRetry: () => void }) {
  const { t } = useTranslation("messages");
  const problemText = useProblemText();
  const problem = asProblem(error);
  // An id that was mangled on its way is a parameter that can't be read.
  const missing = problem.code === "not_found" || problem.code === "invalid_parameter";
  return missing ? (
    <ErrorState title={t("story.missing")} detail={t("story.missingWhy")} />
  ) : (
    <ErrorState
      title={t("story.failed")}
      detail={problemText(problem)}
      code={problem.code}
      requestId={problem.requestId}
      onRetry={onRetry}
      retrying={retrying}
    />
  );
}
