import { useTranslation } from "react-i18next";
import type { ChannelView } from "../../api/schema.gen";
import { ProviderMark } from "../../domain/provider";

/** A channel by its name; one that was removed is known by its absence. */
export function ChannelName({ id, channels }: { id: string; channels: readonly ChannelView[] }) {
  const { t } = useTranslation("messages");
  const channel = channels.find((one) => one.id === id);
  return channel ? (
    <ProviderMark provider={channel.provider} name={channel.name} />
  ) : (
    <span className="text-ink-soft">{t("removedChannel")}</span>
  );
}
