import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useWorkspace } from "../../../api/workspace";
import { Page } from "../../../ui/page";
import { TabLinks } from "../../../ui/tabs";
import { EventList } from "../event-list";
import { WebhookTab } from "../webhook-tab";

export function EventLogPage() {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  const { tab = "events" } = useSearch({ from: "/w/$workspace/event-log" });
  const params = { workspace: workspace.id };

  return (
    <Page title={t("log.title")} description={t("log.lead")} width="full">
      <div className="grid gap-4">
        <TabLinks
          label={t("log.tabs")}
          items={[
            {
              key: "events",
              label: t("log.tab.events"),
              active: tab === "events",
              link: (props) => <Link to="/w/$workspace/event-log" params={params} search={{}} {...props} />,
            },
            {
              key: "webhooks",
              label: t("log.tab.webhooks"),
              active: tab === "webhooks",
              link: (props) => (
                <Link to="/w/$workspace/event-log" params={params} search={{ tab: "webhooks" }} {...props} />
              ),
            },
          ]}
        />
        {tab === "events" ? <EventList /> : <WebhookTab />}
      </div>
    </Page>
  );
}
