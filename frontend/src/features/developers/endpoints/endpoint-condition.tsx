import { RefreshCw, Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { WebhookEndpointView, WebhookTest } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { useProblemText } from "../../../domain/problem-text";
import { formatDuration } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { CodeBlock } from "../../../ui/copy";
import { Confirm } from "../../../ui/dialog";
import { type Fact, Facts } from "../../../ui/facts";
import { Notice } from "../../../ui/notice";
import { Time } from "../../../ui/time";
import { useToast } from "../../../ui/toast";
import { CopiedId } from "../copied-id";
import { useChangeEndpoint, useRotateSecret, useTestEndpoint } from "./queries";
import { SecretShown } from "./secret-shown";

/** How an endpoint fares, and what can be done about it. */
export function EndpointCondition({ endpoint }: { endpoint: WebhookEndpointView }) {
  const { t } = useTranslation("webhook-endpoints");
  const mayWrite = useWorkspace().can("webhooks:write");
  const [asking, setAsking] = useState<"disable" | "rotate">();
  const facts: Fact[] = [{ label: t("fact.url"), value: endpoint.url }];
  if (endpoint.last_delivered_at) {
    facts.push({ label: t("fact.delivered"), value: <Time value={endpoint.last_delivered_at} look="full" /> });
  }
  if (endpoint.last_failed_at) {
    facts.push({ label: t("fact.failed"), value: <Time value={endpoint.last_failed_at} look="full" /> });
  }
  facts.push({
    label: t("fact.secret"),
    value: (
      <>
        <span className="font-mono text-xs">…{endpoint.secret_ends_with}</span>
        {endpoint.previous_secret_until ? (
          <span className="block text-ink-soft">
            {t("fact.previousUntil")} <Time value={endpoint.previous_secret_until} look="short" />
          </span>
        ) : null}
      </>
    ),
  });
  facts.push({ label: t("fact.id"), value: <CopiedId id={endpoint.id} label={t("fact.copyId")} /> });
  return (
    <>
      <Card title={t("condition")}>
        <div className="grid gap-4">
          <Trouble endpoint={endpoint} />
          <Facts items={facts} />
          {mayWrite ? <Actions endpoint={endpoint} onAsk={setAsking} /> : null}
        </div>
      </Card>
      {asking === "disable" ? <DisableEndpoint endpoint={endpoint.id} onClose={() => setAsking(undefined)} /> : null}
      {asking === "rotate" ? <RotateSecret endpoint={endpoint.id} onClose={() => setAsking(undefined)} /> : null}
    </>
  );
}

function Trouble({
  endpoint: { state, disabled_reason, disabled_at, failing_since },
}: {
  endpoint: WebhookEndpointView;
}) {
  const { t } = useTranslation("webhook-endpoints");
  if (state === "disabled") {
    return (
      <Notice
        tone={disabled_reason === "by_hand" ? "neutral" : "bad"}
        title={t(`disabled.${disabled_reason ?? "by_hand"}.title`)}
      >
        {t(`disabled.${disabled_reason ?? "by_hand"}.text`)}{" "}
        {disabled_at ? (
          <>
            {t("disabled.since")} <Time value={disabled_at} look="short" />
          </>
        ) : null}
      </Notice>
    );
  }
  return failing_since ? (
    <Notice tone="warn" title={t("failing.title")}>
      {t("failing.since")} <Time value={failing_since} look="short" />. {t("failing.text")}
    </Notice>
  ) : null;
}

function Actions({ endpoint, onAsk }: { endpoint: WebhookEndpointView; onAsk: (what: "disable" | "rotate") => void }) {
  const { t } = useTranslation("webhook-endpoints");
  const problemText = useProblemText();
  const toast = useToast();
  const change = useChangeEndpoint(endpoint.id);
  const check = useTestEndpoint(endpoint.id);
  const error = change.error ?? check.error;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button icon={<Send />} busy={check.isPending} onClick={() => check.mutate()}>
          {t("action.test")}
        </Button>
        <Button icon={<RefreshCw />} onClick={() => onAsk("rotate")}>
          {t("action.rotate")}
        </Button>
        {endpoint.state === "active" ? (
          <Button onClick={() => onAsk("disable")}>{t("action.disable")}</Button>
        ) : (
          <Button
            look="primary"
            busy={change.isPending}
            onClick={() => change.mutate({ state: "active" }, { onSuccess: () => toast.ok(t("action.enabled")) })}
          >
            {t("action.enable")}
          </Button>
        )}
      </div>
      {error ? (
        <Notice tone="bad" title={t("action.failedTitle")}>
          {problemText(asProblem(error))}
        </Notice>
      ) : null}
      {check.data && !check.isPending ? <TestResult result={check.data} /> : null}
    </div>
  );
}

function DisableEndpoint({ endpoint, onClose }: { endpoint: string; onClose: () => void }) {
  const { t } = useTranslation("webhook-endpoints");
  const problemText = useProblemText();
  const toast = useToast();
  const change = useChangeEndpoint(endpoint);
  return (
    <Confirm
      open
      title={t("action.disableTitle")}
      body={t("action.disableBody")}
      confirmLabel={t("action.disable")}
      busy={change.isPending}
      error={change.error ? problemText(asProblem(change.error)) : undefined}
      onCancel={onClose}
      onConfirm={() =>
        change.mutate(
          { state: "disabled" },
          {
            onSuccess: () => {
              toast.ok(t("action.disabled"));
              onClose();
            },
          },
        )
      }
    />
  );
}

/** Asks first, and shows the new secret once. */
function RotateSecret({ endpoint, onClose }: { endpoint: string; onClose: () => void }) {
  const { t } = useTranslation("webhook-endpoints");
  const problemText = useProblemText();
  const rotate = useRotateSecret(endpoint);
  if (rotate.data) {
    return <SecretShown secret={rotate.data.secret} rotated onClose={onClose} />;
  }
  return (
    <Confirm
      open
      title={t("action.rotateTitle")}
      body={t("action.rotateBody")}
      confirmLabel={t("action.rotate")}
      busy={rotate.isPending}
      error={rotate.error ? problemText(asProblem(rotate.error)) : undefined}
      onCancel={onClose}
      onConfirm={() => rotate.mutate()}
    />
  );
}

function TestResult({ result }: { result: WebhookTest }) {
  const { t, i18n } = useTranslation("webhook-endpoints");
  const took = formatDuration(result.duration_ms, i18n.language);
  return (
    <div className="grid gap-2">
      <Notice
        tone={result.delivered ? "ok" : "bad"}
        title={t(result.delivered ? "test.taken" : "test.notTaken", { took })}
      >
        {result.error ? <span lang="en">{result.error}</span> : null}
        {result.delivered && result.status ? t("test.status", { status: result.status }) : null}
      </Notice>
      {result.answer ? <CodeBlock code={result.answer} label={t("test.answer")} /> : null}
    </div>
  );
}
