import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleX } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TemplateReadiness } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { formatMoney, formatMoneyDifference } from "../../domain/money";
import { Badge } from "../../ui/badge";
import type { Column } from "../../ui/column";
import { PlainTable } from "../../ui/plain-table";

/** Each template: whether it could go by the other sender, why not, and what that costs in each market. */
export function ReadinessTable({
  caption,
  rows,
  markets,
}: {
  caption: string;
  rows: readonly TemplateReadiness[];
  markets: readonly string[];
}) {
  const { t } = useTranslation("delivery");
  const columns: Column<TemplateReadiness>[] = [
    {
      key: "template",
      header: t("readiness.column.template"),
      cell: (row) => (
        <span className="grid gap-1">
          <TemplateLink row={row} />
          {row.obstacle ? (
            <span lang="en" className="break-anywhere text-ink-soft text-xs">
              {row.obstacle.detail}
            </span>
          ) : null}
          {/* What the columns say that have no room on a phone. */}
          <span className="grid gap-1 text-xs @min-[40rem]:hidden">
            <Ready row={row} />
            <Categories row={row} />
            {markets.map((market) => (
              <span key={market}>
                {market}: <Price row={row} market={market} />
              </span>
            ))}
          </span>
        </span>
      ),
    },
    { key: "ready", header: t("readiness.column.ready"), hideBelow: "sm", cell: (row) => <Ready row={row} /> },
    {
      key: "category",
      header: t("readiness.column.category"),
      hideBelow: "sm",
      cell: (row) => <Categories row={row} />,
    },
    ...markets.map(
      (market): Column<TemplateReadiness> => ({
        key: `market ${market}`,
        header: market,
        align: "end",
        hideBelow: "sm",
        cell: (row) => <Price row={row} market={market} />,
      }),
    ),
  ];
  return <PlainTable caption={caption} columns={columns} rows={rows} rowKey={({ template_id }) => template_id} />;
}

function TemplateLink({ row }: { row: TemplateReadiness }) {
  const workspace = useWorkspace();
  return (
    <span>
      <Link
        to="/w/$workspace/templates/$template"
        params={{ workspace: workspace.id, template: row.template_id }}
        className="link break-anywhere inline-block py-0.5 font-medium"
      >
        {row.name}
      </Link>{" "}
      <span className="text-ink-soft">{row.language}</span>
    </span>
  );
}

function Ready({ row }: { row: TemplateReadiness }) {
  const { t } = useTranslation("delivery");
  return row.ready ? (
    <span>
      <Badge tone="ok" icon={<CircleCheck />}>
        {t("readiness.isReady")}
      </Badge>
    </span>
  ) : (
    <span>
      <Badge tone="warn" icon={<CircleX />}>
        {t("readiness.isNotReady")}
      </Badge>
    </span>
  );
}

function Categories({ row }: { row: TemplateReadiness }) {
  const { t } = useTranslation("delivery");
  const { category, backup_category: backup } = row;
  if (!backup || backup === category) {
    return <>{t(`category.${category}`)}</>;
  }
  return (
    <span className="text-warn">
      {t("readiness.otherCategory", { own: t(`category.${category}`), backup: t(`category.${backup}`) })}
    </span>
  );
}

function Price({ row, market }: { row: TemplateReadiness; market: string }) {
  const { t, i18n } = useTranslation("delivery");
  const price = row.prices.find((each) => each.market === market);
  if (!price) {
    return <span className="text-ink-soft">…</span>;
  }
  return (
    <span className="tabular-nums">
      {formatMoneyDifference(price.difference, i18n.language)}
      <span className="block whitespace-nowrap text-ink-soft text-xs">
        {t("readiness.prices", {
          own: formatMoney(price.own, i18n.language),
          backup: formatMoney(price.backup, i18n.language),
        })}
      </span>
      {price.note ? (
        <span lang="en" className="block text-warn text-xs">
          {price.note}
        </span>
      ) : null}
    </span>
  );
}
