import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Fee, MarketRates, Provider, ProviderCatalog, RateCard } from "../../../api/schema.gen";
import { formatMoney } from "../../../domain/money";
import { formatDay, formatNumber } from "../../../lib/format";
import { Details } from "../../../ui/details";
import { PlainTable } from "../../../ui/plain-table";
import { hostOf } from "./comparison-cell";
import { useProviderName } from "./use-provider-name";

/** What the providers themselves take, and Meta's list prices on top. */
export function Prices({ catalogue }: { catalogue: ProviderCatalog }) {
  const { t } = useTranslation("providers");
  return (
    <Details summary={t("prices.title")}>
      <div className="grid gap-6">
        {catalogue.data.map((provider) => (
          <ProviderFees key={provider.id} provider={provider} />
        ))}
        <Rates card={catalogue.meta_rates} />
      </div>
    </Details>
  );
}

function ProviderFees({ provider }: { provider: Provider }) {
  const { t, i18n } = useTranslation("providers");
  const named = useProviderName();
  const title = t("prices.feesOf", { provider: named(provider.id) });
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold text-sm">{title}</h3>
      {provider.fees.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("prices.noFees")}</p>
      ) : (
        <Framed>
          <PlainTable<Fee>
            caption={title}
            rows={provider.fees}
            rowKey={(fee) => fee.kind}
            columns={[
              { key: "kind", header: t("prices.per"), cell: (fee) => t(`fee.${fee.kind}`) },
              {
                key: "money",
                header: t("prices.amount"),
                align: "end",
                cell: (fee) => <span className="whitespace-nowrap">{formatMoney(fee.money, i18n.language)}</span>,
              },
              { key: "note", header: t("prices.note"), cell: (fee) => fee.note },
              {
                key: "since",
                header: t("prices.since"),
                hideBelow: "sm",
                cell: (fee) => (
                  <span className="whitespace-nowrap">{formatDay(fee.effective_from, i18n.language)}</span>
                ),
              },
            ]}
          />
        </Framed>
      )}
      <p className="text-ink-soft text-xs">
        <SourceLink url={provider.pricing_url} />
        {provider.fees[0]
          ? ` · ${t("prices.checked", { day: formatDay(provider.fees[0].checked_on, i18n.language) })}`
          : null}
      </p>
    </section>
  );
}

function Rates({ card }: { card: RateCard }) {
  const { t, i18n } = useTranslation("providers");
  const money = (micros: number) => (
    <span className="whitespace-nowrap">{formatMoney({ micros, currency: card.currency }, i18n.language, 4)}</span>
  );
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold text-sm">{t("prices.rates")}</h3>
      <p className="max-w-prose text-ink-soft text-sm">
        {t("prices.ratesSince", { day: formatDay(card.effective_from, i18n.language), currency: card.currency })}{" "}
        {t("prices.free", {
          count: card.free_service_messages,
          formatted: formatNumber(card.free_service_messages, i18n.language),
        })}
      </p>
      <Framed>
        <PlainTable<MarketRates>
          caption={t("prices.rates")}
          rows={card.markets}
          rowKey={(market) => market.market}
          columns={[
            { key: "market", header: t("prices.market"), cell: (market) => market.market },
            {
              key: "marketing",
              header: t("prices.marketing"),
              align: "end",
              cell: (market) => money(market.marketing),
            },
            { key: "utility", header: t("prices.utility"), align: "end", cell: (market) => money(market.utility) },
            {
              key: "authentication",
              header: t("prices.authentication"),
              align: "end",
              cell: (market) => (
                <>
                  {money(market.authentication)}
                  {market.authentication_international ? (
                    <span className="block text-ink-soft text-xs">
                      {t("prices.international")} {money(market.authentication_international)}
                    </span>
                  ) : null}
                </>
              ),
            },
            { key: "service", header: t("prices.service"), align: "end", cell: (market) => money(market.service) },
          ]}
        />
      </Framed>
      <ul className="max-w-prose list-disc ps-4 text-ink-soft text-xs">
        {card.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <p className="text-ink-soft text-xs">
        <SourceLink url={card.url} />
        {` · ${t("prices.checked", { day: formatDay(card.checked_on, i18n.language) })}`}
      </p>
    </section>
  );
}

function Framed({ children }: { children: ReactNode }) {
  return <div className="overflow-clip rounded-md border border-line bg-panel">{children}</div>;
}

function SourceLink({ url }: { url: string }) {
  return (
    <a href={url} target="_blank" rel="noreferrer" className="link inline-block py-0.5">
      {hostOf(url)}
      <ExternalLink aria-hidden className="ms-1 inline size-3 align-[-1px]" />
    </a>
  );
}
