import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { phoneFileUrl } from "../../api/media";
import { asProblem } from "../../api/problem";
import { useWorkspace } from "../../api/workspace";
import { AnswerForm } from "../../domain/answer-form";
import { PhoneFrame } from "../../domain/phone-frame";
import { PhoneThread } from "../../domain/phone-thread";
import { Notice } from "../../ui/notice";
import { Skeleton } from "../../ui/state";
import { LoadError } from "./load-error";
import { conversationQuery, useAnswer } from "./queries";

/** As many as one looks back on here; the page of the virtual phone has them all. */
const SHOWN = 30;

/** The customer's telephone beside the test: shows what arrives there, and answers. */
export function TestPhone({
  channel,
  customer,
  trouble,
  onAnswered,
}: {
  /** What the customer writes to; `null` when there is none, `undefined` while that is not known. */
  channel: string | null | undefined;
  customer: string;
  /** Why the channel can't be known. */
  trouble?: UseQueryResult<unknown> | undefined;
  /** Given the provider's id of the answer. */
  onAnswered: (id: string) => void;
}) {
  const { t } = useTranslation(["overview", "domain"]);
  const workspace = useWorkspace();
  const conversation = useQuery({
    ...conversationQuery(workspace.id, channel ?? "", customer),
    enabled: Boolean(channel),
  });
  const answer = useAnswer();
  const messages = conversation.data?.messages ?? [];
  return (
    <PhoneFrame
      label={t("phone.region")}
      title={workspace.name}
      subtitle={t("phone.of", { name: conversation.data?.name ?? customer })}
      footer={
        channel === null ? undefined : (
          <>
            <AnswerForm
              label={t("phone.answer")}
              button={t("phone.send")}
              missing={t("phone.missing")}
              initial={t("phone.prefilled")}
              busy={answer.isPending}
              disabled={channel === undefined}
              error={answer.isError ? asProblem(answer.error).message : undefined}
              onSend={(text, taken) => {
                if (channel) {
                  answer.mutate(
                    { channel, from: customer, text },
                    {
                      onSuccess: ({ provider_message_id: id }) => {
                        taken();
                        onAnswered(id);
                      },
                    },
                  );
                }
              }}
            />
            {answer.data?.delivered === false ? (
              <div className="mt-2">
                <Notice tone="warn">{t("phone.notTaken")}</Notice>
              </div>
            ) : null}
          </>
        )
      }
    >
      {channel === null ? (
        <p className="px-4 pb-4 text-center text-ink-soft text-sm">{t("phone.noChannel")}</p>
      ) : trouble ? (
        <LoadError query={trouble} />
      ) : conversation.isPending ? (
        <Skeleton height="3.5rem" />
      ) : conversation.isError && conversation.data === undefined ? (
        <LoadError query={conversation} />
      ) : messages.length === 0 ? (
        <p className="px-4 pb-4 text-center text-ink-soft text-sm">{t("phone.empty")}</p>
      ) : (
        <PhoneThread
          label={t("phone.thread")}
          urlOf={(path) => phoneFileUrl(workspace.id, path)}
          messages={messages.slice(-SHOWN)}
          below={({ error_code: code }) =>
            code == null ? null : <p className="text-bad text-xs">{t("phone.failed", { code })}</p>
          }
        />
      )}
    </PhoneFrame>
  );
}
