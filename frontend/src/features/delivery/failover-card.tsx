import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deliverySettingsQuery, useChangeDeliverySettings } from "../../api/delivery-settings";
import { asProblem } from "../../api/problem";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { FailoverModeCards } from "../../domain/failover-mode";
import { useProblemText } from "../../domain/problem-text";
import { Card } from "../../ui/card";
import { Notice } from "../../ui/notice";
import { Skeleton } from "../../ui/state";
import { useToast } from "../../ui/toast";

/** When messages go by the other provider; what is chosen counts at once. */
export function FailoverCard() {
  const { t } = useTranslation(["delivery", "delivery-settings"]);
  const workspace = useWorkspace();
  const problemText = useProblemText();
  const toast = useToast();
  const settings = useQuery(deliverySettingsQuery(workspace.id));
  const change = useChangeDeliverySettings();
  const mayWrite = workspace.can("workspace:write");
  return (
    <Card
      title={t("readiness.modeTitle")}
      description={mayWrite ? t("readiness.modeLead") : t("delivery-settings:readOnly")}
    >
      {settings.data ? (
        <div className="grid gap-3">
          {change.error ? (
            <Notice tone="bad" title={t("delivery-settings:failedTitle")}>
              {problemText(asProblem(change.error))}
            </Notice>
          ) : null}
          <FailoverModeCards
            value={(change.isPending ? change.variables.failover : undefined) ?? settings.data.failover}
            disabled={!mayWrite}
            onChange={(failover) =>
              change.mutate(
                { failover },
                {
                  onSuccess: () =>
                    toast.ok(t("readiness.modeSaved", { mode: t(`delivery-settings:failover.${failover}.label`) })),
                },
              )
            }
          />
        </div>
      ) : settings.error ? (
        <FailedLoad title={t("delivery-settings:loadFailed")} problem={asProblem(settings.error)} query={settings} />
      ) : (
        <Skeleton lines={5} />
      )}
    </Card>
  );
}
