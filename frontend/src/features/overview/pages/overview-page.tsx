import { useTranslation } from "react-i18next";
import { useWorkspace } from "../../../api/workspace";
import { Page } from "../../../ui/page";
import { LiveOverview } from "../live-overview";
import { SandboxOverview } from "../sandbox-overview";

export function OverviewPage() {
  const { t } = useTranslation("overview");
  const { environment } = useWorkspace();
  return (
    <Page title={t("title")} width="wide">
      {environment === "sandbox" ? <SandboxOverview /> : <LiveOverview />}
    </Page>
  );
}
