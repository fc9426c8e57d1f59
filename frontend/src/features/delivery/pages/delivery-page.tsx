import { Link, useSearch } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useWorkspace } from "../../../api/workspace";
import { buttonClass } from "../../../ui/button";
import { Page } from "../../../ui/page";
import { TabLinks } from "../../../ui/tabs";
import { LimitsTab } from "../limits-tab";
import { ReadinessTab } from "../readiness-tab";

/** What keeps messages from leaving at once, and what could go by the other provider. */
export function DeliveryPage() {
  const { t } = useTranslation("delivery");
  const workspace = useWorkspace();
  const { tab = "limits" } = useSearch({ from: "/w/$workspace/delivery" });
  const params = { workspace: workspace.id };
  return (
    <Page
      title={t("title")}
      description={t("lead")}
      width="wide"
      actions={
        <Link to="/w/$workspace/guides/scaling" params={params} className={buttonClass()}>
          <BookOpen aria-hidden />
          {t("toGuide")}
        </Link>
      }
    >
      <TabLinks
        label={t("tabs")}
        items={[
          {
            key: "limits",
            label: t("tab.limits"),
            active: tab === "limits",
            link: (props) => <Link to="/w/$workspace/delivery" params={params} search={{}} {...props} />,
          },
          {
            key: "readiness",
            label: t("tab.readiness"),
            active: tab === "readiness",
            link: (props) => (
              <Link to="/w/$workspace/delivery" params={params} search={{ tab: "readiness" }} {...props} />
            ),
          },
        ]}
      />
      {tab === "limits" ? <LimitsTab /> : <ReadinessTab />}
    </Page>
  );
}
