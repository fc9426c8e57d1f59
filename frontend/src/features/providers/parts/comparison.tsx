import { useTranslation } from "react-i18next";
import type { ChannelView, ProviderCatalog, ProviderKind } from "../../../api/schema.gen";
import { Checkbox } from "../../../ui/field";
import { differs, grouped, liveColumns } from "../comparison";
import { ComparisonTable } from "./comparison-table";
import { Prices } from "./prices";

/** Both providers side by side, with what they cost. */
export function Comparison({
  catalogue,
  channels,
  chosen,
  onlyDifferences,
  onOnlyDifferences,
}: {
  catalogue: ProviderCatalog;
  channels: readonly ChannelView[];
  chosen: ProviderKind;
  onlyDifferences: boolean;
  onOnlyDifferences: (on: boolean) => void;
}) {
  const { t } = useTranslation("providers");
  const { data: providers, rows } = catalogue;
  const ids = providers.map((provider) => provider.id);
  const shown = onlyDifferences ? rows.filter((row) => differs(row, ids)) : rows;
  return (
    <section aria-labelledby="comparison" className="grid content-start gap-3">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="grid gap-0.5">
          <h2 id="comparison" tabIndex={-1} className="scroll-mt-4 font-semibold text-base">
            {t("comparison.title")}
          </h2>
          <p role="status" className="text-ink-soft text-sm">
            {onlyDifferences
              ? t("comparison.some", { shown: shown.length, count: rows.length })
              : t("comparison.all", { count: rows.length })}
          </p>
        </div>
        <Checkbox
          label={t("comparison.onlyDifferences")}
          checked={onlyDifferences}
          onCheckedChange={onOnlyDifferences}
        />
      </div>
      <ComparisonTable
        providers={providers}
        groups={grouped(shown)}
        live={liveColumns(providers, channels)}
        chosen={chosen}
      />
      <Prices catalogue={catalogue} />
    </section>
  );
}
