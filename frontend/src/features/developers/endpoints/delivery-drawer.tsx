import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { WebhookDeliveryDetail, WebhookTryView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { useProblemText } from "../../../domain/problem-text";
import { formatDuration } from "../../../lib/format";
import { Badge } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { CodeBlock } from "../../../ui/copy";
import { Drawer } from "../../../ui/dialog";
import { type Fact, Facts } from "../../../ui/facts";
import { JsonView } from "../../../ui/json";
import { Notice } from "../../../ui/notice";
import { EmptyState, Skeleton } from "../../../ui/state";
import { Time } from "../../../ui/time";
import { useToast } from "../../../ui/toast";
import { CopiedId } from "../copied-id";
import { DeliveryState } from "./endpoint-state";
import { deliveryQuery, useReplayDelivery } from "./queries";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One delivery with every try, what was answered, and the body as it was sent. */
export function DeliveryDrawer({ delivery: named, onClose }: { delivery: string | undefined; onClose: () => void }) {
  const { t } = useTranslation("webhook-endpoints");
  const workspace = useWorkspace();
  const id = named !== undefined && UUID.test(named) ? named : undefined;
  const query = useQuery({ ...deliveryQuery(workspace.id, id ?? ""), enabled: id !== undefined });
  const delivery = query.data;
  const code = query.error ? asProblem(query.error).code : undefined;
  return (
    <Drawer
      open={named !== undefined}
      onClose={onClose}
      title={delivery ? <code className="font-mono">{delivery.event_type}</code> : t("delivery.title")}
      description={delivery ? t(`delivery.text.${delivery.state}`) : undefined}
      footer={
        delivery && workspace.can("webhooks:write") && delivery.state !== "sending" ? (
          <Replay delivery={delivery} />
        ) : undefined
      }
    >
      {delivery ? (
        <div className="grid gap-5">
          <DeliveryFacts delivery={delivery} />
          <Tries log={delivery.log} />
          {delivery.body ? (
            <JsonView value={delivery.body} label={t("delivery.body")} />
          ) : (
            <Notice>{t("delivery.noBody")}</Notice>
          )}
        </div>
      ) : id === undefined || code === "not_found" ? (
        <EmptyState title={t("delivery.goneTitle")}>{t("delivery.gone")}</EmptyState>
      ) : query.error ? (
        <FailedLoad title={t("delivery.failed")} problem={asProblem(query.error)} query={query} />
      ) : (
        <Skeleton lines={14} />
      )}
    </Drawer>
  );
}

function Replay({ delivery }: { delivery: WebhookDeliveryDetail }) {
  const { t } = useTranslation("webhook-endpoints");
  const problemText = useProblemText();
  const toast = useToast();
  const replay = useReplayDelivery(delivery.id);
  return (
    <>
      {replay.error ? (
        <p role="alert" className="flex-1 text-bad text-sm">
          {problemText(asProblem(replay.error))}
        </p>
      ) : null}
      <Button
        icon={<RotateCcw />}
        busy={replay.isPending}
        onClick={() => replay.mutate(undefined, { onSuccess: () => toast.ok(t("replay.oneDone")) })}
      >
        {t("replay.one")}
      </Button>
    </>
  );
}

function DeliveryFacts({ delivery }: { delivery: WebhookDeliveryDetail }) {
  const { t } = useTranslation("webhook-endpoints");
  const workspace = useWorkspace();
  const { state, tries, next_try_at, delivered_at, created_at, event_seq, header_webhook_id } = delivery;
  const facts: Fact[] = [
    { label: t("log.column.state"), value: <DeliveryState state={state} tried={tries > 0} /> },
    { label: t("log.column.made"), value: <Time value={created_at} look="full" /> },
  ];
  if (delivered_at) {
    facts.push({ label: t("delivery.taken"), value: <Time value={delivered_at} look="full" /> });
  }
  if (next_try_at) {
    facts.push({ label: t("delivery.next"), value: <Time value={next_try_at} look="full" /> });
  }
  facts.push(
    {
      label: t("delivery.event"),
      value: (
        <Link
          to="/w/$workspace/event-log"
          params={{ workspace: workspace.id }}
          search={{ entry: event_seq }}
          className="link"
        >
          {t("delivery.openEvent", { place: event_seq })}
        </Link>
      ),
    },
    { label: "webhook-id", value: <CopiedId id={header_webhook_id} label={t("delivery.copyId")} /> },
  );
  return <Facts items={facts} />;
}

function Tries({ log }: { log: readonly WebhookTryView[] }) {
  const { t } = useTranslation("webhook-endpoints");
  return (
    <section aria-label={t("delivery.tries")} className="grid gap-2">
      <h3 className="font-semibold text-sm">{t("delivery.tries")}</h3>
      {log.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("delivery.noTries")}</p>
      ) : (
        <ol className="divide-y divide-line rounded-md border border-line">
          {log.map((one) => (
            <Try key={one.at} one={one} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Try({ one: { at, status, error, duration_ms, answer } }: { one: WebhookTryView }) {
  const { t, i18n } = useTranslation("webhook-endpoints");
  return (
    <li className="grid gap-1.5 px-3 py-2 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={error ? "bad" : "ok"}>{status ?? t("delivery.noAnswer")}</Badge>
        <Time value={at} look="full" />
        <span className="text-ink-soft">{formatDuration(duration_ms, i18n.language)}</span>
      </p>
      {error ? (
        <p lang="en" className="break-anywhere text-bad">
          {error}
        </p>
      ) : null}
      {answer ? <CodeBlock code={answer} label={t("test.answer")} /> : null}
    </li>
  );
}
