import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { TemplateView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import type { Column } from "../../ui/column";
import { PlainTable } from "../../ui/plain-table";
import { Time } from "../../ui/time";
import { QualityBadge, StatusBadge } from "./status-badge";

export function TemplateTable({ rows }: { rows: readonly TemplateView[] }) {
  const { t } = useTranslation("templates");
  const { id: workspace } = useWorkspace();
  const columns: Column<TemplateView>[] = [
    {
      key: "name",
      header: t("column.name"),
      width: "9rem",
      cell: ({ id, name, language, category }) => (
        <span className="grid gap-0.5">
          <Link
            to="/w/$workspace/templates/$template"
            params={{ workspace, template: id }}
            className="break-anywhere link font-medium font-mono"
          >
            {name}
          </Link>
          {/* What the columns say that have no room on a phone. */}
          <span className="text-ink-soft text-xs @min-[40rem]:hidden">
            {language} · {t(`category.${category}`)}
          </span>
        </span>
      ),
    },
    { key: "language", header: t("column.language"), hideBelow: "sm", cell: ({ language }) => language },
    {
      key: "category",
      header: t("column.category"),
      hideBelow: "sm",
      cell: ({ category }) => t(`category.${category}`),
    },
    {
      key: "standing",
      header: t("column.standing"),
      cell: ({ registrations }) =>
        registrations.length === 0 ? (
          <span className="text-ink-soft">{t("nowhere")}</span>
        ) : (
          <span className="flex flex-wrap gap-1">
            {registrations.map((one) => (
              <span key={`${one.provider} ${one.account} ${one.provider_ref}`} className="contents">
                <StatusBadge of={one} named />
                <QualityBadge of={one} />
              </span>
            ))}
          </span>
        ),
    },
    {
      key: "changed",
      header: t("column.changed"),
      hideBelow: "md",
      align: "end",
      cell: ({ updated_at }) => <Time value={updated_at} look="relative" />,
    },
  ];
  return <PlainTable caption={t("title")} columns={columns} rows={rows} rowKey={({ id }) => id} />;
}
