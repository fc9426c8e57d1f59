import { Link } from "@tanstack/react-router";
import { PauseCircle, PlayCircle, PlugZap, Settings2, Star, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../../../api/problem";
import type { ChannelView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Button, buttonClass } from "../../../ui/button";
import { handsFocusOver } from "../../../ui/focus";
import { useToast } from "../../../ui/toast";
import { defaultBody } from "../form/channel-body";
import { useCheckChannel, useHoldChannel, useResumeChannel, useUpdateChannel } from "../queries";
import { DeleteChannel } from "./delete-channel";
import { ProblemNotice } from "./problem-notice";

/** What can be done with a channel as it is. What went wrong stands right below. */
export function ChannelActions({ channel, inList }: { channel: ChannelView; inList: boolean }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const toast = useToast();
  const check = useCheckChannel();
  const hold = useHoldChannel();
  const resume = useResumeChannel();
  const update = useUpdateChannel();
  const [deleting, setDeleting] = useState(false);
  const [failed, setFailed] = useState<{ title: string; problem: Problem }>();
  const busy = check.isPending || hold.isPending || resume.isPending || update.isPending;

  /** Says at the channel why it failed, and only in passing that it went well. */
  function outcome(done: string, notDone: string) {
    setFailed(undefined);
    return {
      onSuccess: () => toast.ok(done),
      onError: (error: Error) => setFailed({ title: notDone, problem: asProblem(error) }),
    };
  }

  const { name } = channel;
  const named = (action: string) => t("action.named", { action, name });
  const edit = (
    <Link
      to="/w/$workspace/channels/$channel"
      params={{ workspace: workspace.id, channel: channel.id }}
      aria-label={named(t("action.edit"))}
      className={buttonClass({ size: "small" })}
    >
      <Settings2 aria-hidden />
      {t("action.edit")}
    </Link>
  );

  if (!workspace.can("channels:write")) {
    return inList ? edit : null;
  }
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button
          size="small"
          icon={<PlugZap />}
          busy={check.isPending}
          disabled={busy && !check.isPending}
          aria-label={inList ? named(t("action.test")) : undefined}
          onClick={() =>
            check.mutate(channel.id, {
              ...outcome("", t("form.notTested")),
              onSuccess: ({ report, resumed }) =>
                report.healthy
                  ? toast.ok(t(resumed ? "action.testedResumed" : "action.tested", { name }))
                  : toast.failed(t("action.testFailed", { name })),
            })
          }
        >
          {t("action.test")}
        </Button>
        {channel.state === "held" ? (
          <Button
            size="small"
            icon={<PlayCircle />}
            busy={resume.isPending}
            disabled={busy && !resume.isPending}
            aria-label={inList ? named(t("action.resume")) : undefined}
            onClick={() => resume.mutate(channel.id, outcome(t("action.resumed", { name }), t("action.notResumed")))}
          >
            {t("action.resume")}
          </Button>
        ) : (
          <Button
            size="small"
            icon={<PauseCircle />}
            busy={hold.isPending}
            disabled={busy && !hold.isPending}
            aria-label={inList ? named(t("action.hold")) : undefined}
            onClick={() => hold.mutate(channel.id, outcome(t("action.held", { name }), t("action.notHeld")))}
          >
            {t("action.hold")}
          </Button>
        )}
        {channel.is_default ? null : (
          <Button
            ref={handsFocusOver}
            size="small"
            icon={<Star />}
            busy={update.isPending}
            disabled={busy && !update.isPending}
            aria-label={inList ? named(t("action.makeDefault")) : undefined}
            onClick={() =>
              update.mutate(
                { channel: channel.id, body: defaultBody(channel) },
                outcome(t("action.madeDefault", { name }), t("action.notDefault")),
              )
            }
          >
            {t("action.makeDefault")}
          </Button>
        )}
        {inList ? (
          <>
            {edit}
            <Button
              size="small"
              look="quiet"
              icon={<Trash2 />}
              aria-label={named(t("action.delete"))}
              onClick={() => setDeleting(true)}
            >
              {t("action.delete")}
            </Button>
          </>
        ) : null}
      </div>
      {failed ? <ProblemNotice title={failed.title} problem={failed.problem} /> : null}
      {inList ? <DeleteChannel channel={channel} open={deleting} onClose={() => setDeleting(false)} /> : null}
    </div>
  );
}
