import { valibotResolver } from "@hookform/resolvers/valibot";
import { useQuery } from "@tanstack/react-query";
import { SendHorizontal } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { apiAddress } from "../../api/address";
import { capabilitiesQuery } from "../../api/capabilities";
import { asProblem, type Problem } from "../../api/problem";
import type { ChannelView, MessageView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { curlOf } from "../../domain/curl";
import { formatNumber } from "../../lib/format";
import { requestName } from "../../lib/request-name";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { CodeBlock } from "../../ui/copy";
import { Details } from "../../ui/details";
import { Kbd } from "../../ui/kbd";
import { RetryNotice } from "../../ui/retry-notice";
import { useUnsavedGuard } from "../../ui/unsaved";
import { ChannelField, channelOf } from "./channel-field";
import { EarlierMessage } from "./earlier-message";
import { isOffered, KindField } from "./kind-field";
import { type Draft, type PartedKind, parts as partsOf } from "./kinds/parts";
import { type PartErrors, stillWrong } from "./kinds/paths";
import { MoreFields } from "./more-fields";
import { PartedFields } from "./parted-fields";
import { Preview } from "./preview";
import { useSendMessage } from "./queries";
import { RecipientField } from "./recipient-field";
import { keyFor, type RequestKey } from "./request-key";
import { composeSchema } from "./schema";
import { SendProblem } from "./send-problem";
import { SentNotice } from "./sent-notice";
import { sortErrors } from "./server-errors";
import { TemplateFields } from "./template/template-fields";
import { TextFields } from "./text-fields";
import { Uploads, useUploads } from "./uploads";
import { bodyOf, type ComposeValues, isParted, nextValues } from "./values";
import { WindowNote } from "./window-note";

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

type Kind = ComposeValues["kind"];

const none = { at: {} };

export function ComposeForm({
  channels,
  to,
  channel,
  initial,
}: {
  channels: readonly ChannelView[];
  /** From the address; when they change there, the form follows without losing what is typed. */
  to?: string | undefined;
  channel?: string | undefined;
  initial: ComposeValues;
}) {
  const { t, i18n } = useTranslation("compose");
  const workspace = useWorkspace();
  const [chosen, setChosen] = useState(initial.channel);
  const by = channelOf(chosen, channels, workspace.whatsapp_provider);
  const provider = by?.provider;
  const capabilities = useQuery(capabilitiesQuery(workspace.id, provider));
  const can = capabilities.data;

  const schema = useMemo(
    () =>
      composeSchema(can, ({ code, max }) =>
        t(`fault.${code}`, max === undefined ? {} : { max: formatNumber(max, i18n.language) }),
      ),
    [can, t, i18n.language],
  );
  const form = useForm<ComposeValues>({ defaultValues: initial, resolver: valibotResolver(schema) });
  const values = form.watch();
  const reacted = values.kind === "reaction" ? String(values.parted.reaction["message_id"] ?? "").trim() : "";
  const quotes = can?.parts.find(({ part }) => part === "reply_to");
  const { uploading, begin } = useUploads();
  const waits = uploading.includes(values.kind);
  useUnsavedGuard(form.formState.isDirty || uploading.length > 0);

  // Each of them once: what is typed afterwards is newer than the address.
  const followed = useRef({ to, channel });
  useEffect(() => {
    if (to && followed.current.to !== to) {
      form.setValue("to", to);
    }
    if (channel && followed.current.channel !== channel && channels.some(({ id }) => id === channel)) {
      form.setValue("channel", channel);
      setChosen(channel);
    }
    followed.current = { to, channel };
  }, [to, channel, channels, form]);

  const send = useSendMessage();
  const lastKey = useRef<RequestKey>(undefined);
  const [sent, setSent] = useState<MessageView>();
  const [problem, setProblem] = useState<Problem>();
  /** What the server said of the parts of one kind. */
  const [partErrors, setPartErrors] = useState<{ kind?: Kind; at: PartErrors }>(none);
  /** The last refusal, until its fields have been drawn. */
  const [refusal, setRefusal] = useState<Problem>();
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!refusal) {
      return;
    }
    setRefusal(undefined);
    const marked = element.current?.querySelectorAll<HTMLElement>('[aria-invalid="true"]') ?? [];
    // A kind that is not shown may still be drawn for its uploads, and takes no focus.
    const wrong = [...marked].find((field) => !field.closest("[hidden]"));
    wrong?.focus();
    if (!wrong) {
      // Whatever was thought to have a field, it is told.
      setProblem(refusal);
    }
  }, [refusal]);

  const submit = form.handleSubmit(async (filled) => {
    setProblem(undefined);
    setPartErrors(none);
    const body = bodyOf(filled, can);
    const request = keyFor(lastKey.current, body, requestName);
    lastKey.current = request;
    try {
      const message = await send.mutateAsync({ body, key: request.key });
      lastKey.current = undefined;
      setSent(message);
      // What was typed while the message was on its way belongs to the next one.
      if (JSON.stringify(bodyOf(form.getValues(), can)) === JSON.stringify(body)) {
        form.reset(nextValues(filled));
        form.setFocus(filled.kind === "text" ? "text.body" : "to");
      }
    } catch (error) {
      refused(asProblem(error), filled);
    }
  });

  function refused(problem: Problem, filled: ComposeValues) {
    setSent(undefined);
    if (problem.code === "channel_missing" || problem.code === "not_found") {
      form.setError("channel", { type: "server", message: t("channel.gone") }, { shouldFocus: true });
      return;
    }
    if (problem.code === "idempotency_key_reused") {
      // What was typed is another message than the one this key stands for.
      lastKey.current = undefined;
    }
    const { placed, parts, rest } = sortErrors(problem.errors, filled, can);
    setPartErrors({ kind: filled.kind, at: parts });
    for (const { field, message } of placed) {
      form.setError(field, { type: "server", message });
    }
    const hasFields = placed.length > 0 || Object.keys(parts).length > 0;
    if (rest.length > 0 || !hasFields) {
      setProblem(problem);
    }
    if (hasFields) {
      setRefusal(problem);
    }
  }

  /** What was changed is no longer what the server complained of. */
  function changed(kind: PartedKind, before: Draft, after: Draft) {
    setPartErrors((last) =>
      last.kind === kind ? { kind, at: stillWrong(last.at, partsOf[kind], before, after) } : last,
    );
  }

  function choose(channel: string) {
    setChosen(channel);
    // Which templates there are is another question at another channel.
    form.clearErrors("template.chosen");
  }

  function press(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !send.isPending && !waits) {
      event.preventDefault();
      void submit();
    }
  }

  // Whoever turns to another kind meanwhile does not lose the file.
  const drawn = [...new Set([values.kind, ...uploading])].sort();

  return (
    <FormProvider {...form}>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22.5rem]">
        <form ref={element} noValidate onSubmit={submit} onKeyDown={press} className="grid gap-5">
          {sent ? <SentNotice key={sent.id} message={sent} /> : null}
          <Card
            footer={
              <>
                <Button type="submit" look="primary" icon={<SendHorizontal />} busy={send.isPending || waits}>
                  {t(values.sendAt === "" ? "send" : "schedule")}
                </Button>
                {waits ? <span className="text-ink-soft text-xs">{t("media.uploading")}</span> : null}
                <span className="flex items-center gap-1 text-ink-soft text-xs max-sm:hidden">
                  <Kbd>{isApple ? "⌘" : "Ctrl"}</Kbd>
                  <Kbd>Enter</Kbd>
                </span>
              </>
            }
          >
            <div className="grid gap-5">
              <div className="grid items-start gap-5 sm:grid-cols-2">
                <RecipientField />
                <ChannelField channels={channels} onChoose={choose} />
              </div>
              {capabilities.isError ? <RetryNotice title={t("limits.failed")} query={capabilities} /> : null}
              <KindField can={can} />
              <WindowNote channel={by?.id} />
              {values.replyTo.trim() ? (
                <EarlierMessage
                  label={t("reply.answers")}
                  message={values.replyTo.trim()}
                  note={quotes && !isOffered(quotes) ? quotes.note : undefined}
                  onRemove={() => form.setValue("replyTo", "", { shouldDirty: true })}
                />
              ) : null}
              {reacted ? <EarlierMessage label={t("reply.reactsTo")} message={reacted} /> : null}
              {drawn.map((kind) => (
                <div key={kind} hidden={kind !== values.kind}>
                  <Uploads of={kind} begin={begin}>
                    {isParted(kind) ? (
                      <PartedFields
                        kind={kind}
                        way={{ channel: by?.id, provider }}
                        errors={partErrors.kind === kind ? partErrors.at : none.at}
                        onChange={(before, after) => changed(kind, before, after)}
                      />
                    ) : kind === "text" ? (
                      <TextFields can={can} />
                    ) : (
                      <TemplateFields can={can} channel={by?.id} />
                    )}
                  </Uploads>
                </div>
              ))}
              <MoreFields />
              {problem ? <SendProblem problem={problem} /> : null}
            </div>
          </Card>
          <Details summary={t("code.summary")}>
            <CodeBlock
              language="sh"
              label={t("code.label")}
              code={curlOf({ method: "POST", url: `${apiAddress}/api/v1/messages`, body: bodyOf(values, can) })}
            />
          </Details>
        </form>
        <div className="lg:sticky lg:top-5">
          <Preview values={values} can={can} />
        </div>
      </div>
    </FormProvider>
  );
}
