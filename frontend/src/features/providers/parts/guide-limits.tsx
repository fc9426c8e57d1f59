import { useTranslation } from "react-i18next";
import type { ComparisonGroup, Provider, ProviderCatalog } from "../../../api/schema.gen";
import { Facts } from "../../../ui/facts";
import { ComparisonCell } from "./comparison-cell";
import { Prices } from "./prices";

const groups: readonly ComparisonGroup[] = ["limits", "cost"];

/** What the API says of one provider's limits and prices, with its sources. */
export function GuideLimits({ catalogue, provider }: { catalogue: ProviderCatalog; provider: Provider }) {
  const { t } = useTranslation("guides");
  return (
    <div className="grid gap-5">
      <Facts
        items={catalogue.rows
          .filter((row) => groups.includes(row.group))
          .map((row) => ({
            label: row.label,
            value: <ComparisonCell cell={row[provider.id]} about={row.label} />,
          }))}
      />
      <p className="max-w-prose text-ink-soft text-sm">{t("pricesLead")}</p>
      <Prices catalogue={{ ...catalogue, data: [provider] }} />
    </div>
  );
}
