import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import { messageQuery } from "../../api/messages";
import type { MessageView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { Card } from "../../ui/card";
import { ChannelHealth } from "./channel-health";
import { Checklist } from "./checklist";
import { LatestFailures } from "./latest-messages";
import { arrivals, FRIENDLY_CUSTOMER, leavesBy } from "./model";
import { ProgressSteps } from "./progress-steps";
import { inboundQuery } from "./queries";
import { TestDetails } from "./test-details";
import { type TestDraft, TestForm } from "./test-form";
import { TestOutcome } from "./test-outcome";
import { TestPhone } from "./test-phone";

/** The sandbox's overview: the first message within a minute, then what else there is to try. */
export function SandboxOverview() {
  const { t } = useTranslation("overview");
  const workspace = useWorkspace();
  const { test } = useSearch({ from: "/w/$workspace/overview" });
  const navigate = useNavigate({ from: "/w/$workspace/overview" });
  const form = useForm<TestDraft>({ defaultValues: { to: FRIENDLY_CUSTOMER, text: t("test.prefilled") } });
  const [sent, setSent] = useState<MessageView>();
  const [answer, setAnswer] = useState<string>();

  const story = useQuery({ ...messageQuery(workspace.id, test ?? ""), enabled: test !== undefined });
  const channels = useQuery(channelsQuery(workspace.id));
  // Until its story is there, what the API said when it took the message.
  const message: MessageView | undefined =
    test === undefined ? undefined : (story.data ?? (sent?.id === test ? sent : undefined));
  const own = channels.data && (leavesBy(channels.data, workspace.whatsapp_provider) ?? null);
  const channel = message?.channel_id ?? (own === null ? null : own?.id);
  const customer = message?.person ?? FRIENDLY_CUSTOMER;
  const inbound = useQuery({ ...inboundQuery(workspace.id, channel ?? "", customer), enabled: Boolean(channel) });
  const arrived = arrivals(inbound.data ?? [], message?.created_at, answer)[0];

  function showTest(taken: MessageView) {
    setSent(taken);
    void navigate({ search: { test: taken.id }, replace: true, resetScroll: false });
  }

  function aimAt(number: string) {
    form.setValue("to", number, { shouldValidate: form.formState.isSubmitted });
    form.setFocus("to", { shouldSelect: true });
  }

  return (
    <div className="@container grid gap-5">
      <div className="grid items-start gap-5 @3xl:grid-cols-[minmax(0,1fr)_22.5rem]">
        <Card title={t("test.title")} description={t("test.why")}>
          <div className="@container grid gap-5">
            <TestForm form={form} channel={own} onSent={showTest} />
            <ProgressSteps message={message} provider={message && story.data?.provider} />
            <TestOutcome message={message} arrived={arrived} explained={own?.id} />
            <TestDetails story={story.data} arrived={arrived?.id} control={form.control} onUse={aimAt} />
          </div>
        </Card>
        <div className="@3xl:sticky @3xl:top-5">
          <TestPhone
            channel={channel}
            customer={customer}
            trouble={channels.isError && channel === undefined ? channels : undefined}
            onAnswered={setAnswer}
          />
        </div>
      </div>
      <div className="grid items-start gap-5 @2xl:grid-cols-2 @4xl:grid-cols-3">
        <Checklist />
        <ChannelHealth />
        <LatestFailures />
      </div>
    </div>
  );
}
