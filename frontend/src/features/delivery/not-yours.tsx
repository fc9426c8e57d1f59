import { Lock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card";
import { EmptyState } from "../../ui/state";

/** Stands in the place of what this user's role can't see. */
export function NotYours() {
  const { t } = useTranslation("delivery");
  return (
    <Card>
      <EmptyState icon={<Lock />} title={t("notYoursTitle")}>
        {t("notYours")}
      </EmptyState>
    </Card>
  );
}
