import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CheckCheck, CopyPlus, PencilLine, Reply, SmilePlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { capabilitiesQuery } from "../../../api/capabilities";
import { asProblem } from "../../../api/problem";
import type { MessageStory } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Button, buttonClass } from "../../../ui/button";
import { useMarkRead } from "../queries";
import { Outgoing } from "./outgoing";

/** What can be done with a message. Forms are opened with what it was; nothing is sent without somebody pressing the button there. */
export function Actions({ story }: { story: MessageStory }) {
  const { t } = useTranslation("messages");
  const workspace = useWorkspace();
  if (!workspace.can("messages:write")) {
    return null;
  }
  const { person, channel_id: channel, id } = story;
  if (story.direction === "inbound") {
    // What was done with one message is not said of the next one that is opened.
    return <Incoming key={id} story={story} />;
  }
  return (
    <Outgoing key={id} story={story}>
      <Link
        to="/w/$workspace/compose"
        params={{ workspace: workspace.id }}
        search={{ to: person, channel, from: id }}
        className={buttonClass()}
      >
        <CopyPlus aria-hidden />
        {t("story.again")}
      </Link>
    </Outgoing>
  );
}

function Incoming({ story }: { story: MessageStory }) {
  const { t } = useTranslation("messages");
  const workspace = useWorkspace();
  const mark = useMarkRead(story.id);
  const { data: can } = useQuery(capabilitiesQuery(workspace.id, story.provider));
  const { person: to, channel_id: channel, id } = story;
  const params = { workspace: workspace.id };
  const offers = (verdict: string | undefined) => verdict === "yes" || verdict === "partly";
  const quotes = offers(can?.parts.find(({ part }) => part === "reply_to")?.verdict);
  const reacts = offers(can?.outbound.find(({ kind }) => kind === "reaction")?.verdict);
  return (
    <div className="grid w-full gap-2">
      <div className="flex flex-wrap gap-2">
        <Link
          to="/w/$workspace/compose"
          params={params}
          search={{ to, channel, ...(quotes && { reply: id }) }}
          className={buttonClass()}
        >
          <Reply aria-hidden />
          {t("story.reply")}
        </Link>
        {reacts ? (
          <Link
            to="/w/$workspace/compose"
            params={params}
            search={{ to, channel, react: id }}
            className={buttonClass()}
          >
            <SmilePlus aria-hidden />
            {t("story.react")}
          </Link>
        ) : null}
        {can?.marks.read_without_typing.supported && !story.read_at ? (
          <Button icon={<CheckCheck />} busy={mark.isPending && !mark.variables} onClick={() => mark.mutate(false)}>
            {t("story.markRead")}
          </Button>
        ) : null}
        {can?.marks.typing.supported ? (
          <Button icon={<PencilLine />} busy={mark.isPending && mark.variables} onClick={() => mark.mutate(true)}>
            {t("story.typing")}
          </Button>
        ) : null}
      </div>
      {mark.isError ? (
        <p role="alert" className="text-bad text-sm">
          {asProblem(mark.error).message}
        </p>
      ) : mark.isSuccess ? (
        <p role="status" className="text-ink-soft text-sm">
          {t(mark.data.typing ? "story.typingShown" : "story.readShown")}
        </p>
      ) : null}
    </div>
  );
}
