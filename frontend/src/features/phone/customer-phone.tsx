import { Link } from "@tanstack/react-router";
import { CornerUpLeft, Pencil, SmilePlus, Trash2, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
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
  const field = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState(PAGE);
  const [answered, setAnswered] = useState<Bubble>();

  function answerTo(bubble: Bubble) {
    setAnswered(bubble);
    field.current?.focus();
  }

  /** What the customer does with a message. */
  function act(content: CustomerContent, bubble: Bubble) {
    if (thread) {
      answer.mutate({
        channel: thread.channel,
        from: thread.customer,
        content,
        ...(content.kind.endsWith("reply") || content.kind === "button" || content.kind === "location"
          ? { replyTo: bubble.provider_message_id }
          : {}),
      });
    }
  }

  function press(bubble: Bubble, button: FaceButton) {
    const content = pressed(button);
    if (content) {
      act(content, bubble);
    }
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
              above={answered ? <Answered bubble={answered} onCancel={() => setAnswered(undefined)} /> : undefined}
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
                  <Below bubble={bubble} onAnswer={answerTo} onDo={(content) => act(content, bubble)} />
                )}
                onPress={(bubble, button) => press(bubble, button)}
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

/** What comes of a button; nothing where it leads out of WhatsApp. */
function pressed({ does, id, label, quick }: FaceButton): CustomerContent | undefined {
  switch (does) {
    case "reply":
      return quick
        ? { kind: "button", text: label, ...(id && { payload: id }) }
        : { kind: "button_reply", id: id ?? label };
    case "flow":
      return { kind: "flow_reply", response_json: { answer: "yes" } };
    case "address":
      return { kind: "flow_reply", response_json: { values: { address: "1 Example Street", in_pin_code: "400063" } } };
    case "location":
      return { kind: "location", latitude: 51.5034, longitude: -0.1276, name: "Acme shop" };
    default:
      return undefined;
  }
}

function Below({
  bubble,
  onAnswer,
  onDo,
}: {
  bubble: Bubble;
  onAnswer: (bubble: Bubble) => void;
  onDo: (content: CustomerContent) => void;
}) {
  const { t } = useTranslation("phone");
  if (bubble.error_code != null) {
    return <p className="text-bad text-xs">{t("phone.failed", { code: bubble.error_code })}</p>;
  }
  const message_id = bubble.provider_message_id;
  if (bubble.direction === "inbound") {
    return bubble.content.kind === "text" && !bubble.deleted ? (
      <div className="flex flex-wrap gap-1">
        <SmallAction
          icon={<Pencil aria-hidden className="size-3.5" />}
          onClick={() => onDo({ kind: "edit", message_id, text: t("phone.editedText", { text: bubble.text }) })}
        >
          {t("phone.edit")}
        </SmallAction>
        <SmallAction
          icon={<Trash2 aria-hidden className="size-3.5" />}
          onClick={() => onDo({ kind: "revoke", message_id })}
        >
          {t("phone.revoke")}
        </SmallAction>
      </div>
    ) : null;
  }
  // Only what reached the telephone can be answered on it.
  if (!["delivered", "read"].includes(bubble.status)) {
    return null;
  }
  return (
    <div className="flex flex-wrap gap-1">
      <SmallAction icon={<CornerUpLeft aria-hidden className="size-3.5" />} onClick={() => onAnswer(bubble)}>
        {t("phone.answerThis")}
      </SmallAction>
      <SmallAction
        icon={<SmilePlus aria-hidden className="size-3.5" />}
        onClick={() => onDo({ kind: "reaction", message_id, emoji: "👍" })}
      >
        {t("phone.react")}
      </SmallAction>
    </div>
  );
}

function SmallAction({ icon, onClick, children }: { icon: ReactNode; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      className="-ms-1 inline-flex min-h-6 w-fit items-center gap-1 rounded-sm px-1 text-ink-soft text-xs hover:bg-hover hover:text-ink"
      onClick={onClick}
    >
      {icon}
      {children}
    </button>
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
