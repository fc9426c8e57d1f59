import { useTranslation } from "react-i18next";
import { Page } from "../../../ui/page";
import { AboutSection } from "../about-section";
import { AccountSection } from "../account-section";
import { AlertsSection } from "../alerts-section";
import { AppearanceSection } from "../appearance-section";
import { DeliverySection } from "../delivery-section";
import { UnsavedParts } from "../unsaved-parts";
import { WorkspaceSection } from "../workspace-section";

export function SettingsPage() {
  const { t } = useTranslation("settings");
  return (
    <Page title={t("title")}>
      <UnsavedParts>
        <WorkspaceSection />
        <DeliverySection />
        <AlertsSection />
        <AppearanceSection />
        <AccountSection />
        <AboutSection />
      </UnsavedParts>
    </Page>
  );
}
