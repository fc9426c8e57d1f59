import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { capabilitiesQuery } from "../../api/capabilities";
import { phoneFileUrl } from "../../api/media";
import { asProblem } from "../../api/problem";
import type { Bubble, CustomerContent } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { AnswerForm } from "../../domain/answer-form";
import type { FaceButton } from "../../domain/face";
import { PhoneFrame } from "../../domain/phone-frame";
import { PhoneThread, Quote } from "../../domain/phone-thread";
import { Button, IconButton } from "../../ui/button";
import { Card } from "../../ui/card";
import { Switch } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { Skeleton } from "../../ui/state";
import { asksFirst, pressed, quotes } from "./answers";
import { BubbleActions, type Doing } from "./bubble-actions";
import type { Thread } from "./model";
import { useAnswer, useSetWindow } from "./queries";
import { SendOther } from "./send-other";

/** So many messages at a time. */
const PAGE = 50;

/** One customer's telephone: reads and answers; below it, whether free text may reach it. */
export function CustomerPhone({ thread }: { thread: Thread | undefined }) {
  const { t } = useTranslation("phone");
  const workspace = useWorkspace();
  const answer = useAnswer();
  const { data: can } = useQuery(capabilitiesQuery(workspace.id, thread?.provider));
  const orders = can?.inbound.find(({ kind }) => kind === "order")?.verdict;
  const field = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState(PAGE);
  const [answered, setAnswered] = useState<Bubble>();
  const [doing, setDoing] = useState<Doing>();

  function answerTo(bubble: Bubble) {
    setAnswered(bubble);
    field.current?.focus();
  }

  function answerNone() {
    // The button goes with what was to be answered.
    field.current?.focus();
    setAnswered(undefined);
  }

  /** What the customer does with a message. */
  function act(content: CustomerContent, bubble: Bubble) {
    if (thread) {
      answer.mutate(
        {
          channel: thread.channel,
          from: thread.customer,
          content,
          ...(quotes(content) && { replyTo: bubble.provider_message_id }),
        },
        { onSuccess: () => setDoing(undefined) },
      );
    }
  }

  function press(bubble: Bubble, button: FaceButton) {
    const content = pressed(button, orders === "yes" || orders === "partly");
    if (content) {
      return () => act(content, bubble);
    }
    return asksFirst(button) ? () => setDoing({ id: bubble.provider_message_id, what: "fill", button }) : undefined;
  }

  return (
    <div className="grid gap-4">
      <PhoneFrame
        label={t("phone.region")}
        title={workspace.name}
        subtitle={thread ? t("phone.of", { name: thread.name ?? thread.customer }) : undefined}
        footer={
          <div className="grid gap-2">
            <AnswerForm
              label={t("phone.message")}
              button={t("phone.send")}
              missing={t("phone.missing")}
              busy={answer.isPending}
              disabled={thread === undefined}
              error={answer.isError ? asProblem(answer.error).message : undefined}
              inputRef={field}
              above={answered ? <Answered bubble={answered} onCancel={answerNone} /> : undefined}
              onSend={(text, taken) => {
                if (thread) {
                  const { channel, customer } = thread;
                  answer.mutate(
                    {
                      channel,
                      from: customer,
                      content: { kind: "text", text },
                      replyTo: answered?.provider_message_id,
                    },
                    {
                      onSuccess: () => {
                        taken();
                        setAnswered(undefined);
                      },
                    },
                  );
                }
              }}
            />
            {answer.data?.delivered === false ? <Notice tone="warn">{t("phone.notTaken")}</Notice> : null}
          </div>
        }
      >
        {thread ? (
          <>
            {thread.messages.length > shown ? (
              <div className="text-center">
                <Button size="small" look="quiet" onClick={() => setShown(shown + PAGE)}>
                  {t("phone.earlier")}
                </Button>
              </div>
            ) : thread.hasEarlier ? (
              <p className="text-center text-ink-soft text-xs">
                <Link
                  to="/w/$workspace/messages"
                  params={{ workspace: workspace.id }}
                  search={{ channel: thread.channel, person: thread.customer }}
                  className="link"
                >
                  {t("phone.allMessages")}
                </Link>
              </p>
            ) : null}
            {thread.messages.length === 0 ? (
              <p className="px-4 pb-4 text-center text-ink-soft text-sm">{t("phone.empty")}</p>
            ) : (
              <PhoneThread
                label={t("phone.thread")}
                urlOf={(path) => phoneFileUrl(workspace.id, path)}
                messages={thread.messages.slice(-shown)}
                below={(bubble) => (
                  <BubbleActions
                    bubble={bubble}
                    doing={doing}
                    busy={answer.isPending}
                    onBegin={setDoing}
                    onAnswer={() => answerTo(bubble)}
                    onDo={(content) => act(content, bubble)}
                  />
                )}
                onPress={press}
                onPick={(bubble, row) => act({ kind: "list_reply", id: row.id }, bubble)}
              />
            )}
          </>
        ) : (
          <Skeleton height="8rem" />
        )}
      </PhoneFrame>
      {thread ? <SendOther thread={thread} /> : null}
      <ServiceWindow thread={thread} />
    </div>
  );
}

function Answered({ bubble, onCancel }: { bubble: Bubble; onCancel: () => void }) {
  const { t } = useTranslation("phone");
  return (
    <div className="flex items-center justify-between gap-2">
      <div className="grid gap-0.5">
        <p className="text-ink-soft text-xs">{t("phone.answering")}</p>
        <Quote>{bubble.text}</Quote>
      </div>
      <IconButton size="small" label={t("phone.answerNone")} icon={<X />} onClick={onCancel} />
    </div>
  );
}

/** The 24-hour window of this customer, opened and closed by hand. */
function ServiceWindow({ thread }: { thread: Thread | undefined }) {
  const { t } = useTranslation("phone");
  const change = useSetWindow();
  const open = change.isPending ? change.variables.open : (thread?.windowOpen ?? true);
  return (
    <Card>
      <Switch
        label={t("window.label")}
        help={
          thread && thread.windowOpen === undefined ? t("window.later") : open ? t("window.open") : t("window.closed")
        }
        error={change.isError ? asProblem(change.error).message : undefined}
        disabled={thread?.windowOpen === undefined}
        checked={open}
        onCheckedChange={(wanted) => {
          if (thread) {
            change.mutate({ channel: thread.channel, customer: thread.customer, open: wanted });
          }
        }}
      />
    </Card>
  );
}
