import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/field";
import { MOST_MARKETS } from "./search";

/** The few markets whose prices stand in the tables. */
export function MarketChoice({
  markets,
  chosen,
  onChoose,
}: {
  markets: readonly string[];
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
}) {
  const { t } = useTranslation("delivery");
  const full = chosen.length >= MOST_MARKETS;
  return (
    <div className="grid flex-1 basis-64 gap-2">
      <div className="w-64 max-w-full">
        <SelectField
          label={t("readiness.market")}
          help={full ? t("readiness.marketsFull", { count: MOST_MARKETS }) : t("readiness.marketHelp")}
          value=""
          disabled={full}
          onChange={({ currentTarget: { value } }) => value && onChoose([...chosen, value])}
          options={[
            { value: "", label: t("readiness.addMarket") },
            ...markets.filter((market) => !chosen.includes(market)).map((market) => ({ value: market, label: market })),
          ]}
        />
      </div>
      {chosen.length > 0 ? (
        <ul aria-label={t("readiness.chosenMarkets")} className="flex flex-wrap gap-2">
          {chosen.map((market) => (
            <li key={market}>
              <Button
                size="small"
                icon={<X />}
                aria-label={t("readiness.removeMarket", { market })}
                onClick={() => onChoose(chosen.filter((each) => each !== market))}
              >
                {market}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
