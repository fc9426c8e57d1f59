import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { WebhookEventDetail } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { ProviderMark, providerName } from "../../domain/provider";
import { formatDuration } from "../../lib/format";
import { Drawer } from "../../ui/dialog";
import { type Fact, Facts } from "../../ui/facts";
import { Notice } from "../../ui/notice";
import { EmptyState, Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import { ChannelLink } from "./channel-link";
import { CopiedId } from "./copied-id";
import { webhookQuery } from "./queries";
import { WebhookBody } from "./webhook-body";
import { WebhookStateBadge } from "./webhook-state";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface WebhookDrawerProps {
  entry: string | undefined;
  onClose: () => void;
}

export function WebhookDrawer({ entry, onClose }: WebhookDrawerProps) {
  const { t } = useTranslation("developers");
  const { t: word } = useTranslation("domain");
  const workspace = useWorkspace();
  const id = entry !== undefined && UUID.test(entry) ? entry : undefined;
  const query = useQuery(webhookQuery(workspace.id, id));
  const webhook = query.data;
  const code = query.error ? asProblem(query.error).code : undefined;

  return (
    <Drawer
      open={entry !== undefined}
      onClose={onClose}
      title={
        webhook
          ? t("webhooks.drawer.title", { provider: providerName(webhook.provider, word) })
          : t("webhooks.drawer.loading")
      }
      description={webhook ? t(`webhooks.stateText.${webhook.state}`) : undefined}
    >
      {webhook ? (
        <div className="grid gap-5">
          {webhook.state === "dead" ? <DeadNotice /> : null}
          <WebhookFacts webhook={webhook} />
          <WebhookBody body={webhook.body} />
        </div>
      ) : id === undefined || code === "not_found" ? (
        <EmptyState title={t("webhooks.drawer.goneTitle")}>{t("webhooks.drawer.gone")}</EmptyState>
      ) : query.isError ? (
        <FailedLoad title={t("webhooks.drawer.errorTitle")} problem={asProblem(query.error)} query={query} />
      ) : (
        <Skeleton lines={14} />
      )}
    </Drawer>
  );
}

function DeadNotice() {
  const { t } = useTranslation("developers");
  return (
    <Notice tone="bad" title={t("webhooks.deadTitle")}>
      <p>{t("webhooks.dead")}</p>
      <ul className="mt-2 grid list-disc gap-1 pl-4">
        <li>{t("webhooks.deadDo.error")}</li>
        <li>{t("webhooks.deadDo.provider")}</li>
        <li>{t("webhooks.deadDo.report")}</li>
      </ul>
    </Notice>
  );
}

function WebhookFacts({ webhook }: { webhook: WebhookEventDetail }) {
  const { t, i18n } = useTranslation("developers");
  const { received_at, processed_at, tries, error } = webhook;
  const facts: Fact[] = [
    { label: t("webhooks.drawer.state"), value: <WebhookStateBadge state={webhook.state} /> },
    { label: t("webhooks.column.provider"), value: <ProviderMark provider={webhook.provider} /> },
    { label: t("webhooks.drawer.received"), value: <Time value={received_at} look="full" /> },
  ];
  if (processed_at) {
    const took = formatDuration(Date.parse(processed_at) - Date.parse(received_at), i18n.language);
    facts.push({
      label: t("webhooks.drawer.processed"),
      value: (
        <>
          <Time value={processed_at} look="full" />
          <span className="text-ink-soft"> {t("webhooks.drawer.took", { duration: took })}</span>
        </>
      ),
    });
  }
  if (tries > 0) {
    facts.push({ label: t("webhooks.drawer.tries"), value: tries });
  }
  if (error) {
    facts.push({ label: t("webhooks.drawer.error"), value: error });
  }
  facts.push(
    {
      label: t("webhooks.drawer.channels", { count: webhook.channels.length }),
      value: (
        <ul className="grid gap-0.5">
          {webhook.channels.map((channel) => (
            <li key={channel}>
              <ChannelLink channel={channel} />
            </li>
          ))}
        </ul>
      ),
    },
    { label: t("webhooks.drawer.id"), value: <CopiedId id={webhook.id} label={t("log.copyId")} /> },
  );
  return <Facts items={facts} />;
}
