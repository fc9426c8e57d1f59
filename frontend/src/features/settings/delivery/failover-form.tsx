import { useTranslation } from "react-i18next";
import { type DeliveryWishes, useChangeDeliverySettings } from "../../../api/delivery-settings";
import { FailoverModeCards } from "../../../domain/failover-mode";
import { useToast } from "../../../ui/toast";
import { SettingForm } from "./setting-form";
import { useDraft } from "./use-draft";

export function FailoverForm({ wishes, mayWrite }: { wishes: DeliveryWishes; mayWrite: boolean }) {
  const { t } = useTranslation("delivery-settings");
  const toast = useToast();
  const save = useChangeDeliverySettings();
  const { draft, dirty, change } = useDraft({ failover: wishes.failover });
  return (
    <SettingForm
      title={t("failover.title")}
      lead={t("failover.lead")}
      dirty={dirty}
      busy={save.isPending}
      error={save.error}
      mayWrite={mayWrite}
      onSave={() =>
        save.mutate(draft, {
          onSuccess: () => toast.ok(t("saved")),
        })
      }
    >
      <FailoverModeCards value={draft.failover} onChange={(failover) => change({ failover })} />
    </SettingForm>
  );
}
