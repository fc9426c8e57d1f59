import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "../../../api/session";
import { useWorkspace } from "../../../api/workspace";
import { buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Page } from "../../../ui/page";
import { EmptyState } from "../../../ui/state";
import { VirtualPhone } from "../virtual-phone";

export function PhonePage() {
  const { t } = useTranslation("phone");
  const { environment } = useWorkspace();
  return (
    <Page title={t("title")} description={environment === "sandbox" ? t("why") : undefined} width="wide">
      {environment === "sandbox" ? <VirtualPhone /> : <OnlyInTheSandbox />}
    </Page>
  );
}

function OnlyInTheSandbox() {
  const { t } = useTranslation("phone");
  const { data: session } = useQuery(sessionQuery);
  const sandbox = session?.workspaces.find(({ workspace }) => workspace.environment === "sandbox")?.workspace.id;
  return (
    <Card>
      <EmptyState
        icon={<Smartphone />}
        title={t("live.title")}
        action={
          sandbox ? (
            <Link
              to="/w/$workspace/phone"
              params={{ workspace: sandbox }}
              search={{}}
              className={buttonClass({ look: "primary" })}
            >
              {t("live.go")}
            </Link>
          ) : undefined
        }
      >
        {t("live.why")}
      </EmptyState>
    </Card>
  );
}
