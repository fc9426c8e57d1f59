import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../../api/problem";
import type { ChannelView, MessageView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { ProviderMark, providerName } from "../../domain/provider";
import { requestName } from "../../lib/request-name";
import { Button, buttonClass } from "../../ui/button";
import { TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { ChannelHeld } from "./channel-held";
import { type TestMessage, useSendTest } from "./queries";

export interface TestDraft {
  to: string;
  text: string;
}

/** Sends a text to a virtual customer by the workspace's provider. */
export function TestForm({
  form,
  channel,
  onSent,
}: {
  form: UseFormReturn<TestDraft>;
  /** What it leaves by; `null` when the provider has no channel here, `undefined` while that is not known. */
  channel: ChannelView | null | undefined;
  onSent: (message: MessageView) => void;
}) {
  const { t } = useTranslation("overview");
  const { t: word } = useTranslation("domain");
  const workspace = useWorkspace();
  const send = useSendTest();
  const { errors } = form.formState;
  /** The message that may have gone out although no answer came. */
  const uncertain = useRef<TestMessage>(undefined);

  function submit(draft: TestDraft) {
    const known = uncertain.current;
    const same = known?.to === draft.to && known.text === draft.text;
    const message = same ? known : { ...draft, key: requestName() };
    uncertain.current = message;
    send.mutate(message, {
      onSuccess: (taken) => {
        uncertain.current = undefined;
        onSent(taken);
      },
      onError: (error) => {
        for (const { field, message: why } of asProblem(error).errors) {
          const name = field === "to" ? "to" : field.startsWith("content") ? "text" : undefined;
          if (name) {
            form.setError(name, { message: why }, { shouldFocus: true });
          }
        }
      },
    });
  }

  const required = { required: t("test.required") };
  const elsewhere = send.isError && !errors.to && !errors.text;
  return (
    <form noValidate onSubmit={form.handleSubmit(submit)} className="grid gap-3">
      <div className="grid gap-3 @md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <TextField
          label={t("test.to")}
          type="tel"
          inputMode="tel"
          autoComplete="off"
          error={errors.to?.message}
          {...form.register("to", required)}
        />
        <TextField
          label={t("test.message")}
          autoComplete="off"
          dir="auto"
          error={errors.text?.message}
          {...form.register("text", required)}
        />
      </div>
      {channel === null && (
        <Notice
          tone="warn"
          title={t("test.noChannel", { provider: providerName(workspace.whatsapp_provider, word) })}
          action={<ToProviders label={t("test.connect")} />}
        >
          {t("test.noChannelWhy")}
        </Notice>
      )}
      {channel && <ChannelHeld channel={channel} />}
      {elsewhere && <SendError problem={asProblem(send.error)} />}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="flex flex-wrap items-center gap-x-1.5 text-ink-soft text-sm">
          {t("test.leavesBy")} <ProviderMark provider={workspace.whatsapp_provider} />
          <Link to="/w/$workspace/providers" params={{ workspace: workspace.id }} className="link">
            {t("test.change")}
          </Link>
        </p>
        <Button look="primary" type="submit" busy={send.isPending} disabled={!workspace.can("messages:write")}>
          {t("test.send")}
        </Button>
      </div>
    </form>
  );
}

function ToProviders({ label }: { label: string }) {
  const { id } = useWorkspace();
  return (
    <Link to="/w/$workspace/providers" params={{ workspace: id }} className={buttonClass({ size: "small" })}>
      {label}
    </Link>
  );
}

function SendError({ problem }: { problem: Problem }) {
  const { t } = useTranslation("overview");
  if (problem.code === "channel_missing") {
    return (
      <Notice tone="bad" title={problem.title} action={<ToProviders label={t("test.connect")} />}>
        {t("test.noChannelWhy")}
      </Notice>
    );
  }
  if (problem.code === "unreachable") {
    return (
      <Notice tone="bad" title={t("error.unreachable")}>
        {t("error.unreachableWhy")}
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title={problem.title}>
      {problem.code === "rate_limited"
        ? t("error.rateLimited", { seconds: problem.retryAfter ?? 1 })
        : (problem.detail ?? problem.code)}
    </Notice>
  );
}
