import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useWorkspace } from "../../../api/workspace";
import { buttonClass } from "../../../ui/button";
import { Page } from "../../../ui/page";
import { LiveOverview } from "../live-overview";
import { SandboxOverview } from "../sandbox-overview";

export function OverviewPage() {
  const { t } = useTranslation("overview");
  const { id, environment } = useWorkspace();
  if (environment === "sandbox") {
    return (
      <Page title={t("title")} width="wide">
        <SandboxOverview />
      </Page>
    );
  }
  return (
    <Page
      title={t("title")}
      width="wide"
      actions={
        <Link to="/w/$workspace/compose" params={{ workspace: id }} className={buttonClass({ look: "plain" })}>
          {t("live.compose")}
        </Link>
      }
    >
      <LiveOverview />
    </Page>
  );
}
