import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { ChannelView, Provider } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Badge } from "../../../ui/badge";
import { Button, buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Notice } from "../../../ui/notice";
import { Page } from "../../../ui/page";
import { EmptyState, RefetchBar, Skeleton } from "../../../ui/state";
import { useUnsavedGuard } from "../../../ui/unsaved";
import { ChannelForm } from "../form/channel-form";
import { focusField } from "../form/field-focus";
import { ChannelActions } from "../parts/channel-actions";
import { ChannelFacts, HeldNote } from "../parts/channel-facts";
import { ChannelSettings } from "../parts/channel-settings";
import { CheckReportView } from "../parts/check-report";
import { DeleteChannel } from "../parts/delete-channel";
import { HealthBadge } from "../parts/health";
import { LoadProblem } from "../parts/load-problem";
import { RepairChannel } from "../parts/repair-channel";
import { RoundTrip } from "../parts/round-trip";
import { SenderFacts } from "../parts/sender-facts";
import { catalogueQuery, channelQuery } from "../queries";

/** One channel: how it fares, its settings, and the way to be rid of it. */
export function ChannelPage() {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const { channel: id } = useParams({ from: "/w/$workspace/channels/$channel" });
  const channel = useQuery(channelQuery(workspace.id, id));
  const catalogue = useQuery(catalogueQuery(workspace.id));
  const provider = catalogue.data?.data.find((each) => each.id === channel.data?.provider);
  const error = channel.data ? catalogue.error : channel.error;
  const all = (
    <Link to="/w/$workspace/channels" params={{ workspace: workspace.id }} className={buttonClass()}>
      {t("channel.all")}
    </Link>
  );

  if (channel.data && provider) {
    // Another channel's form begins anew.
    return <Loaded key={id} channel={channel.data} provider={provider} refetching={channel.isFetching} all={all} />;
  }
  return (
    <Page title={channel.data?.name ?? t("channel.title")} actions={all}>
      {error && asProblem(error).code === "not_found" ? (
        <Card>
          <EmptyState title={t("channel.missingTitle")} action={all}>
            {t("channel.missing")}
          </EmptyState>
        </Card>
      ) : error ? (
        <LoadProblem
          problem={asProblem(error)}
          onRetry={() => {
            void channel.refetch();
            void catalogue.refetch();
          }}
          retrying={channel.isFetching || catalogue.isFetching}
        />
      ) : (
        <>
          <Skeleton height="16rem" />
          <Skeleton height="44rem" />
        </>
      )}
    </Page>
  );
}

function Loaded({
  channel,
  provider,
  refetching,
  all,
}: {
  channel: ChannelView;
  provider: Provider;
  refetching: boolean;
  all: ReactNode;
}) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const mayWrite = workspace.can("channels:write");
  const [dirty, setDirty] = useState(false);
  const leaving = useUnsavedGuard(dirty);
  const settings = t("channel.settings");
  return (
    <Page
      title={channel.name}
      mark={
        <>
          <HealthBadge channel={channel} />
          {channel.is_default ? <Badge>{t("channel.default")}</Badge> : null}
        </>
      }
      actions={all}
    >
      <Card title={t("channel.condition")}>
        <RefetchBar active={refetching} />
        <div className="grid gap-4">
          {channel.held ? <HeldNote held={channel.held} /> : null}
          <ChannelFacts channel={channel} />
          <SenderFacts facts={channel.facts} />
          <ChannelActions channel={channel} inList={false} />
          {channel.check ? (
            <CheckReportView
              report={channel.check}
              fields={provider.form}
              onField={mayWrite ? (name) => focusField(document, name) : undefined}
            />
          ) : (
            <p className="text-ink-soft text-sm">{t("channel.untested")}</p>
          )}
          {mayWrite ? (
            <>
              <RepairChannel channel={channel} />
              {/* It sends a message. */}
              {workspace.can("messages:write") ? <RoundTrip channel={channel} /> : null}
            </>
          ) : null}
        </div>
      </Card>
      <Card title={settings} description={mayWrite ? undefined : t("channels.readOnly")}>
        {mayWrite ? (
          <div className="grid max-w-2xl gap-5">
            {workspace.environment === "sandbox" ? <Notice tone="info">{t("channel.sandboxSecrets")}</Notice> : null}
            <ChannelForm
              label={settings}
              provider={provider}
              channel={channel}
              showsReport={false}
              onDirty={setDirty}
            />
          </div>
        ) : (
          <ChannelSettings channel={channel} provider={provider} />
        )}
      </Card>
      {mayWrite ? <DangerZone channel={channel} onLeave={leaving} /> : null}
    </Page>
  );
}

function DangerZone({ channel, onLeave }: { channel: ChannelView; onLeave: () => void }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <Card title={t("danger.title")} description={t("delete.body")}>
        <Button look="danger" icon={<Trash2 />} onClick={() => setDeleting(true)}>
          {t("action.deleteChannel")}
        </Button>
      </Card>
      <DeleteChannel
        channel={channel}
        open={deleting}
        onClose={() => setDeleting(false)}
        onDeleted={() => {
          onLeave();
          void navigate({ to: "/w/$workspace/channels", params: { workspace: workspace.id }, replace: true });
        }}
      />
    </>
  );
}
