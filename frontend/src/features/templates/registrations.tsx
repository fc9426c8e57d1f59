import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import { asProblem } from "../../api/problem";
import type { RegistrationView, TemplateError, TemplateView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { useProblemText } from "../../domain/problem-text";
import { ProviderMark, providerName } from "../../domain/provider";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { type Fact, Facts } from "../../ui/facts";
import { SelectField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import { useToast } from "../../ui/toast";
import { Losses } from "./provider-forms";
import { useSubmitTemplate } from "./queries";
import { QualityBadge, StatusBadge } from "./status-badge";

/** Where a template stands, and the way to have it approved somewhere else. */
export function Registrations({ template }: { template: TemplateView }) {
  const { t } = useTranslation("templates");
  const workspace = useWorkspace();
  return (
    <Card title={t("registrations.title")} description={t("registrations.lead")}>
      <div className="grid gap-5">
        {template.registrations.length === 0 ? (
          <p className="text-ink-soft text-sm">{t("registrations.none")}</p>
        ) : (
          <ul className="grid gap-5">
            {template.registrations.map((one) => (
              <Registration key={`${one.provider} ${one.account} ${one.provider_ref}`} of={one} />
            ))}
          </ul>
        )}
        {workspace.can("templates:write") ? <Submit template={template} /> : null}
      </div>
    </Card>
  );
}

function Registration({ of }: { of: RegistrationView }) {
  const { t } = useTranslation("templates");
  const { category, correct_category, rejection_reason, rejection_detail, problem } = of;
  const moment = (label: string, value: string | null | undefined): Fact[] =>
    value ? [{ label, value: <Time value={value} look="relative" /> }] : [];
  const facts: Fact[] = [
    { label: t("registrations.account"), value: <code className="font-mono text-xs">{of.account}</code> },
    ...(of.provider_ref
      ? [{ label: t("registrations.ref"), value: <code className="font-mono text-xs">{of.provider_ref}</code> }]
      : []),
    { label: t("column.category"), value: t(`category.${category}`) },
    ...moment(t("registrations.submitted"), of.submitted_at),
    ...moment(t("registrations.since"), of.status_at),
    ...moment(t("registrations.synced"), of.synced_at),
  ];
  return (
    <li className="grid gap-3 border-line border-s-2 ps-3">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <ProviderMark provider={of.provider} />
        <StatusBadge of={of} />
        <QualityBadge of={of} />
        <Badge tone={of.sendable ? "ok" : "neutral"}>
          {t(of.sendable ? "registrations.sendable" : "registrations.notSendable")}
        </Badge>
        {of.current ? null : <Badge tone="warn">{t("registrations.otherVersion")}</Badge>}
      </p>
      {correct_category && correct_category !== category ? (
        <Notice tone="warn">
          {t("registrations.categoryChange", { category: t(`category.${correct_category}`) })}
        </Notice>
      ) : null}
      {rejection_reason || rejection_detail ? (
        <Notice tone="bad" title={t("registrations.reason", { reason: rejection_reason ?? "" })}>
          <p className="whitespace-pre-wrap">{rejection_detail}</p>
        </Notice>
      ) : null}
      {problem ? <ProblemNotice of={problem} /> : null}
      <Losses of={of.lost} />
      <Facts items={facts} />
    </li>
  );
}

/** Why the last attempt at a provider failed, in the provider's own words. */
function ProblemNotice({ of }: { of: TemplateError }) {
  const { t } = useTranslation("templates");
  return (
    <Notice tone="bad" title={of.user_title ?? t(`errorKind.${of.kind}`)}>
      <p className="whitespace-pre-wrap">{of.user_message ?? of.message}</p>
      {of.user_message ? <p className="whitespace-pre-wrap">{of.message}</p> : null}
      {of.field || of.provider_code ? (
        <p className="font-mono text-xs">{[of.field, of.provider_code].filter(Boolean).join(" · ")}</p>
      ) : null}
    </Notice>
  );
}

function Submit({ template }: { template: TemplateView }) {
  const { t } = useTranslation("templates");
  const { t: td } = useTranslation("domain");
  const { id: workspace } = useWorkspace();
  const problemText = useProblemText();
  const toast = useToast();
  const query = useQuery(channelsQuery(workspace));
  const channels = query.data ?? [];
  const [chosen, setChosen] = useState("");
  const submit = useSubmitTemplate();
  const channel = channels.find(({ id }) => id === chosen) ?? channels[0];
  const problem = submit.error ? asProblem(submit.error) : undefined;
  if (query.isPending) {
    return <Skeleton height="4rem" />;
  }
  if (!query.data) {
    return <FailedLoad title={t("submit.channelsFailed")} problem={asProblem(query.error)} query={query} />;
  }
  if (!channel) {
    return <p className="text-ink-soft text-sm">{t("submit.noChannel")}</p>;
  }
  return (
    <form
      className="grid gap-3 border-line border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!submit.isPending) {
          submit.mutate(
            { template: template.id, channel: channel.id },
            { onSuccess: () => toast.ok(t("submit.done", { channel: channel.name })) },
          );
        }
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-60">
          <SelectField
            label={t("submit.channel")}
            value={channel.id}
            options={channels.map(({ id, name, provider }) => ({
              value: id,
              label: `${name} (${providerName(provider, td)})`,
            }))}
            onChange={(event) => {
              setChosen(event.currentTarget.value);
              submit.reset();
            }}
          />
        </div>
        <Button type="submit" look="primary" busy={submit.isPending}>
          {t("submit.action")}
        </Button>
      </div>
      {problem ? (
        <Notice tone="bad" title={t("submit.failed")}>
          <p>{problemText(problem)}</p>
          {problem.errors.length > 0 ? (
            <ul>
              {problem.errors.map(({ field, message }) => (
                <li key={`${field} ${message}`}>
                  <code className="font-mono text-xs">{field}</code>: {message}
                </li>
              ))}
            </ul>
          ) : null}
        </Notice>
      ) : null}
    </form>
  );
}
