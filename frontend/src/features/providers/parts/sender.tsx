import { useTranslation } from "react-i18next";
import type { ChannelView } from "../../../api/schema.gen";
import { PhoneNumber } from "../../../domain/number";
import { senderOf } from "../channel";

/** Whom people write with: the number, or its id where only that is known. */
export function Sender({ channel }: { channel: ChannelView }) {
  const { t } = useTranslation("providers");
  const sender = senderOf(channel);
  return sender.startsWith("+") ? (
    <PhoneNumber value={sender} />
  ) : (
    <span className="break-anywhere">{t("channel.senderId", { id: sender })}</span>
  );
}
