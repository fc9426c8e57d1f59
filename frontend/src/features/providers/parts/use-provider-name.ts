import { useTranslation } from "react-i18next";
import type { ProviderKind } from "../../../api/schema.gen";
import { providerName } from "../../../domain/provider";

/** The providers' names in the reader's language. */
export function useProviderName(): (provider: ProviderKind) => string {
  const { t } = useTranslation("domain");
  return (provider) => providerName(provider, t);
}
