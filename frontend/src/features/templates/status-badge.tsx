import { useTranslation } from "react-i18next";
import type { RegistrationView } from "../../api/schema.gen";
import { providerName } from "../../domain/provider";
import { Badge } from "../../ui/badge";
import { qualityTone, statusTone } from "./words";

/** How a template stands at one account. `named`: with the provider's name in front. */
export function StatusBadge({ of, named = false }: { of: RegistrationView; named?: boolean }) {
  const { t } = useTranslation("templates");
  const { t: td } = useTranslation("domain");
  const status = t(`status.${of.status}`);
  return (
    <Badge tone={of.problem && of.status === "unsubmitted" ? "bad" : statusTone[of.status]}>
      {named ? `${providerName(of.provider, td)}: ${status}` : status}
    </Badge>
  );
}

/** What people's feedback says; nothing while nobody gave any. */
export function QualityBadge({ of: { quality } }: { of: RegistrationView }) {
  const { t } = useTranslation("templates");
  return quality && quality !== "unknown" ? <Badge tone={qualityTone[quality]}>{t(`quality.${quality}`)}</Badge> : null;
}
