import { useTranslation } from "react-i18next";
import type { ChannelView } from "../../api/schema.gen";
import { Notice } from "../../ui/notice";
import { CheckAgain } from "./check-again";

/** Says that what is sent now would wait, and offers the test that ends it. */
export function ChannelHeld({ channel }: { channel: ChannelView }) {
  const { t } = useTranslation(["overview", "domain"]);
  if (channel.state !== "held") {
    return null;
  }
  const failure = channel.held?.failure;
  return (
    <Notice
      tone="warn"
      title={t("held.title", { channel: channel.name })}
      action={failure ? <CheckAgain channel={channel.id} /> : undefined}
    >
      {failure ? `${t(`domain:failure.${failure.code}.title`)}. ${t("held.test")}` : t("held.byHand")}
    </Notice>
  );
}
