import { FlaskConical, Globe } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Environment } from "../api/schema.gen";
import { Badge } from "../ui/badge";

export function EnvironmentBadge({ environment }: { environment: Environment }) {
  const { t } = useTranslation("domain");
  const Icon = environment === "sandbox" ? FlaskConical : Globe;
  return (
    <Badge tone="neutral" icon={<Icon aria-hidden />}>
      {t(`environment.${environment}`)}
    </Badge>
  );
}
