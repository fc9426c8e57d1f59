import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { ChannelView, ProviderKind } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { providerName } from "../../domain/provider";
import { SelectField } from "../../ui/field";
import type { ComposeValues } from "./values";

/** The channel a message goes by: the chosen one, or the default of the workspace's provider. */
export function channelOf(
  chosen: string,
  channels: readonly ChannelView[],
  provider: ProviderKind,
): ChannelView | undefined {
  return chosen
    ? channels.find(({ id }) => id === chosen)
    : channels.find((channel) => channel.provider === provider && channel.is_default);
}

export function ChannelField({
  channels,
  onChoose,
}: {
  channels: readonly ChannelView[];
  onChoose: (channel: string) => void;
}) {
  const { t } = useTranslation("compose");
  const { t: td } = useTranslation("domain");
  const { whatsapp_provider } = useWorkspace();
  const { register, watch, formState } = useFormContext<ComposeValues>();
  const standard = channelOf("", channels, whatsapp_provider);
  const named = ({ name, provider }: ChannelView) =>
    t("channel.option", { name, provider: providerName(provider, td) });
  const held = channelOf(watch("channel"), channels, whatsapp_provider)?.state === "held";
  return (
    <SelectField
      label={t("channel.label")}
      help={held ? t("channel.held") : undefined}
      error={formState.errors.channel?.message}
      options={[
        {
          value: "",
          label: standard
            ? t("channel.default", { channel: named(standard) })
            : t("channel.noDefault", { provider: providerName(whatsapp_provider, td) }),
        },
        ...channels.map((channel) => ({ value: channel.id, label: named(channel) })),
      ]}
      {...register("channel", { onChange: (event) => onChoose(event.target.value) })}
    />
  );
}
