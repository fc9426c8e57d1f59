import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView, Provider, ProviderKind } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Button, buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Notice } from "../../../ui/notice";
import { ChannelForm } from "../form/channel-form";
import { channelQuery } from "../queries";
import { HealthBadge } from "./health";
import { Sender } from "./sender";
import { useProviderName } from "./use-provider-name";

/**
 * A provider's connected senders, and the form for one more. Saved, the form goes on as that channel's: to correct and test
 * again makes no second one.
 */
export function ConnectPanel({
  provider,
  channels,
  onDirty,
}: {
  provider: Provider;
  /** The provider's channels in this workspace. */
  channels: readonly ChannelView[];
  onDirty: (provider: ProviderKind, dirty: boolean) => void;
}) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const named = useProviderName();
  const [made, setMade] = useState<ChannelView>();
  // Counts the forms: the next one begins empty.
  const [round, setRound] = useState(0);
  // Only the channel itself shows its verify token.
  const { data } = useQuery({ ...channelQuery(workspace.id, made?.id ?? ""), enabled: made !== undefined });
  const channel = made && (data ?? made);
  const title = t("connect.title", { provider: named(provider.id) });

  const formDirty = useCallback((dirty: boolean) => onDirty(provider.id, dirty), [onDirty, provider.id]);

  return (
    <div className="grid gap-5">
      {channels.length > 0 ? <Connected provider={named(provider.id)} channels={channels} /> : null}
      <Card
        title={title}
        description={channel ? undefined : t(channels.length > 0 ? "connect.another" : "connect.first")}
        actions={
          <Link
            to="/w/$workspace/guides/$provider"
            params={{ workspace: workspace.id, provider: provider.id }}
            className={buttonClass({ size: "small" })}
          >
            <BookOpen aria-hidden />
            {t("guide.open")}
          </Link>
        }
      >
        {workspace.can("channels:write") ? (
          <div className="grid gap-5">
            {channel ? (
              <Notice
                tone="info"
                title={t("connect.savedTitle", { name: channel.name })}
                action={
                  <Button
                    size="small"
                    onClick={() => {
                      setMade(undefined);
                      setRound(round + 1);
                    }}
                  >
                    {t("connect.oneMore")}
                  </Button>
                }
              >
                {t("connect.saved")}
              </Notice>
            ) : workspace.environment === "sandbox" ? (
              <Notice tone="info" title={t("connect.sandboxTitle")}>
                {t("connect.sandbox")}
              </Notice>
            ) : null}
            <ChannelForm
              key={round}
              label={title}
              provider={provider}
              channel={channel}
              onSaved={setMade}
              onDirty={formDirty}
              actions={
                channel ? (
                  <Link
                    to="/w/$workspace/channels/$channel"
                    params={{ workspace: workspace.id, channel: channel.id }}
                    className={buttonClass()}
                  >
                    {t("connect.open")}
                  </Link>
                ) : null
              }
            />
          </div>
        ) : (
          <p className="text-ink-soft text-sm">{t("connect.readOnly")}</p>
        )}
      </Card>
    </div>
  );
}

function Connected({ provider, channels }: { provider: string; channels: readonly ChannelView[] }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  return (
    <Card title={t("connect.connected", { provider })} flush>
      <ul className="divide-y divide-line">
        {channels.map((channel) => (
          <li
            key={channel.id}
            className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-4 py-2.5 text-sm"
          >
            <div className="flex-1 basis-48">
              <Link
                to="/w/$workspace/channels/$channel"
                params={{ workspace: workspace.id, channel: channel.id }}
                className="link break-anywhere inline-block py-0.5 font-medium"
              >
                {channel.name}
              </Link>
              <p className="text-ink-soft">
                <Sender channel={channel} />
                {channel.is_default && channels.length > 1 ? ` · ${t("channel.default")}` : null}
              </p>
            </div>
            <HealthBadge channel={channel} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
