import { useTranslation } from "react-i18next";
import type { ChannelView, Provider } from "../../../api/schema.gen";
import { Facts } from "../../../ui/facts";
import { secretNamed, shownValue } from "../channel";
import { withCommonFields } from "../form/common-fields";
import { isInput } from "../form/descriptors";
import { SecretState } from "../form/secret-control";

/** A channel's settings for those who may only look. */
export function ChannelSettings({ channel, provider }: { channel: ChannelView; provider: Provider }) {
  const { t } = useTranslation("providers");
  const unset = <span className="text-ink-soft">{t("secret.unset")}</span>;
  return (
    <Facts
      items={withCommonFields(provider.form, t)
        .filter(isInput)
        .map((field) => {
          const secret = field.kind === "secret" ? secretNamed(channel, field.name) : undefined;
          return {
            label: field.label,
            value: secret ? <SecretState kept={secret} /> : (shownValue(channel, field.name) ?? unset),
          };
        })}
    />
  );
}
