import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView, Way } from "../../api/schema.gen";
import { formatMoneyDifference } from "../../domain/money";
import { providerName } from "../../domain/provider";
import { formatNumber } from "../../lib/format";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { Facts } from "../../ui/facts";
import { Notice } from "../../ui/notice";
import { EmptyState, LoadMore } from "../../ui/state";
import { ReadinessTable } from "./readiness-table";

/** A workspace may have thousands of templates, which nobody reads at once. */
const STEP = 50;

/** From one sender to the one that stands in for it. */
export function WayCard({
  way,
  from,
  to,
  markets,
  show,
  onShowAll,
}: {
  way: Way;
  from: ChannelView | undefined;
  to: ChannelView | undefined;
  markets: readonly string[];
  show: "ready" | "not_ready" | undefined;
  onShowAll: () => void;
}) {
  const { t, i18n } = useTranslation("delivery");
  const { t: word } = useTranslation("domain");
  const [shown, setShown] = useState(STEP);
  const fromProvider = way.to_provider === "twilio" ? "direct" : "twilio";
  const ready = way.templates.filter((template) => template.ready).length;
  const rows = show ? way.templates.filter((template) => template.ready === (show === "ready")) : way.templates;
  return (
    <Card
      title={t("readiness.way", {
        from: from?.name ?? providerName(fromProvider, word),
        to: to?.name ?? providerName(way.to_provider, word),
      })}
      description={t("readiness.count", { ready, count: way.templates.length })}
      flush
    >
      <div className="grid gap-4 p-4">
        {way.obstacle ? (
          <Notice tone="warn" title={t("readiness.down")}>
            <span lang="en">{way.obstacle.detail}</span>
          </Notice>
        ) : null}
        <Facts
          items={[
            {
              label: t("readiness.fee"),
              value:
                way.fee_difference.micros === 0
                  ? t("readiness.sameFee")
                  : t(way.fee_difference.micros > 0 ? "readiness.dearer" : "readiness.cheaper", {
                      money: formatMoneyDifference(way.fee_difference, i18n.language),
                    }),
            },
            {
              label: t("readiness.windows"),
              value: t("readiness.windowsText", {
                count: way.open_windows,
                number: formatNumber(way.open_windows, i18n.language),
              }),
            },
          ]}
        />
      </div>
      {rows.length > 0 ? (
        <div className="border-line border-t">
          <ReadinessTable
            caption={t("readiness.table", { to: to?.name ?? providerName(way.to_provider, word) })}
            rows={rows.slice(0, shown)}
            markets={markets}
          />
          {rows.length > STEP ? (
            <div className="border-line border-t px-4 py-2">
              <LoadMore
                hasMore={rows.length > shown}
                loading={false}
                shown={Math.min(shown, rows.length)}
                total={rows.length}
                onLoad={() => setShown(shown + STEP)}
              />
            </div>
          ) : null}
        </div>
      ) : (
        <div className="border-line border-t">
          {show ? (
            <EmptyState
              title={t("readiness.noneTitle")}
              action={<Button onClick={onShowAll}>{t("readiness.showAll")}</Button>}
            />
          ) : (
            <EmptyState title={t("readiness.noTemplatesTitle")}>{t("readiness.noTemplates")}</EmptyState>
          )}
        </div>
      )}
    </Card>
  );
}
