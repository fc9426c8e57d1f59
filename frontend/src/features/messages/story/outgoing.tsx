import { useQuery } from "@tanstack/react-query";
import { ArrowRightLeft, Ban, Gavel, RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../../api/channels";
import { asProblem } from "../../../api/problem";
import type { MessageStory } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { useProblemText } from "../../../domain/problem-text";
import { Button } from "../../../ui/button";
import { type MessageAction, useMessageAction } from "../queries";
import { DecideDialog } from "../unknowns/decide-dialog";

/** What can still be done for an outgoing message where it stands. */
export function Outgoing({ story, children }: { story: MessageStory; children: ReactNode }) {
  const { t } = useTranslation(["messages", "domain"]);
  const workspace = useWorkspace();
  const problemText = useProblemText();
  const channels = useQuery(channelsQuery(workspace.id)).data ?? [];
  const action = useMessageAction(story.id);
  const [deciding, setDeciding] = useState(false);
  const { state } = story;
  const other = channels.find(({ provider }) => provider !== story.provider);
  const button = (which: MessageAction, icon: ReactNode, text: string) => (
    <Button
      icon={icon}
      busy={action.isPending && action.variables === which}
      disabled={action.isPending && action.variables !== which}
      onClick={() => action.mutate(which)}
    >
      {text}
    </Button>
  );
  return (
    <div className="grid w-full gap-2">
      <div className="flex flex-wrap justify-end gap-2">
        {state === "unknown" ? (
          <Button look="primary" icon={<Gavel />} onClick={() => setDeciding(true)}>
            {t("story.decide")}
          </Button>
        ) : null}
        {state === "failed" || state === "expired" ? button("retry", <RotateCcw />, t("story.retryNow")) : null}
        {state === "queued" ? button("cancel", <Ban />, t("story.cancel")) : null}
        {other && (state === "failed" || state === "queued")
          ? button(
              "fail-over",
              <ArrowRightLeft />,
              t("story.failOver", { provider: t(`domain:provider.${other.provider}`) }),
            )
          : null}
        {/* What may have been sent is not sent a second time by the way. */}
        {state === "unknown" ? null : children}
      </div>
      {action.isError ? (
        <p role="alert" className="text-bad text-sm">
          {problemText(asProblem(action.error))}
        </p>
      ) : action.isSuccess ? (
        <p role="status" className="text-ink-soft text-sm">
          {t(`story.done.${action.variables}`)}
        </p>
      ) : null}
      {deciding ? <DecideDialog ids={[story.id]} onClose={() => setDeciding(false)} /> : null}
    </div>
  );
}
