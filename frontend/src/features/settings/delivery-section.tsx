import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type DeliveryWishes, deliverySettingsQuery } from "../../api/delivery-settings";
import { asProblem } from "../../api/problem";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { Card } from "../../ui/card";
import { Notice } from "../../ui/notice";
import { RefetchBar, Skeleton } from "../../ui/state";
import { FailoverForm } from "./delivery/failover-form";
import { QuietHoursForm } from "./delivery/quiet-hours-form";
import { UnknownForm } from "./delivery/unknown-form";
import { WordsForm } from "./delivery/words-form";

/** How messages are delivered. */
export function DeliverySection() {
  const { t } = useTranslation("delivery-settings");
  const workspace = useWorkspace();
  const may = workspace.can("workspace:read");
  const settings = useQuery({ ...deliverySettingsQuery(workspace.id), enabled: may });
  if (!may) {
    return null;
  }
  return (
    <Card
      id="delivery"
      title={t("title")}
      description={
        <>
          {t("lead")}{" "}
          <Link to="/w/$workspace/delivery" params={{ workspace: workspace.id }} className="link">
            {t("toDelivery")}
          </Link>
        </>
      }
    >
      <RefetchBar active={settings.isRefetching} />
      {settings.data ? (
        <Parts wishes={settings.data} />
      ) : settings.error ? (
        <FailedLoad title={t("loadFailed")} problem={asProblem(settings.error)} query={settings} />
      ) : (
        <Skeleton height="60rem" />
      )}
    </Card>
  );
}

function Parts({ wishes }: { wishes: DeliveryWishes }) {
  const { t } = useTranslation("delivery-settings");
  const mayWrite = useWorkspace().can("workspace:write");
  return (
    <div className="grid gap-4">
      {mayWrite ? null : <Notice>{t("readOnly")}</Notice>}
      <div className="grid divide-y divide-line">
        <FailoverForm wishes={wishes} mayWrite={mayWrite} />
        <UnknownForm wishes={wishes} mayWrite={mayWrite} />
        <QuietHoursForm wishes={wishes} mayWrite={mayWrite} />
        <WordsForm wishes={wishes} mayWrite={mayWrite} />
      </div>
    </div>
  );
}
