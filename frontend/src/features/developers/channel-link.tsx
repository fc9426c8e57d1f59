import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useWorkspace } from "../../api/workspace";
import { useChannelName } from "./use-channel-name";

export function ChannelLink({ channel }: { channel: string }) {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  const name = useChannelName()(channel);
  if (name === null) {
    return <span className="text-ink-soft">{t("log.deletedChannel")}</span>;
  }
  return (
    <Link to="/w/$workspace/channels/$channel" params={{ workspace: workspace.id, channel }} className="link">
      {name ?? t("log.openChannel")}
    </Link>
  );
}
