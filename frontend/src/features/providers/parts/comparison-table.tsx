import clsx from "clsx";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Provider, ProviderKind } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Badge } from "../../../ui/badge";
import type { LiveColumn, RowGroup } from "../comparison";
import { ComparisonCell } from "./comparison-cell";
import { liveRows } from "./live-rows";
import { useProviderName } from "./use-provider-name";

// Where it is narrow, the table's parts are stacked by `display`, by which some browsers take their meaning away. These give it back.
const is = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  columnHead: { role: "columnheader" },
  rowHead: { role: "rowheader" },
  cell: { role: "cell" },
} as const;

/** Aspects down, providers across; one aspect under the other where there is no room for columns. */
export function ComparisonTable({
  providers,
  groups,
  live,
  chosen,
}: {
  providers: readonly Provider[];
  groups: readonly RowGroup[];
  live: ReadonlyMap<ProviderKind, LiveColumn>;
  chosen: ProviderKind;
}) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const named = useProviderName();
  return (
    <div className="@container">
      <table
        {...is.table}
        className="block w-full table-fixed border-separate border-spacing-0 rounded-lg border border-line bg-panel text-sm @lg:table"
      >
        <caption className="sr-only">{t("comparison.caption")}</caption>
        <colgroup>
          <col className="w-[26%]" />
        </colgroup>
        <thead {...is.group} className="sr-only @lg:not-sr-only @lg:table-header-group">
          <tr {...is.row}>
            <th
              {...is.columnHead}
              scope="col"
              className="sticky top-0 left-0 z-20 rounded-tl-lg border-line border-b bg-sunken px-3 py-2 text-left font-medium text-ink-soft text-xs"
            >
              {t("comparison.aspect")}
            </th>
            {providers.map((provider) => (
              <th
                {...is.columnHead}
                key={provider.id}
                scope="col"
                className={clsx(
                  "sticky top-0 z-10 border-b px-3 py-2 text-left font-semibold last:rounded-tr-lg",
                  provider.id === chosen ? "border-accent bg-accent-soft" : "border-line bg-sunken",
                )}
              >
                <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  {named(provider.id)}
                  {provider.id === workspace.whatsapp_provider ? (
                    <Badge tone="ok" icon={<Check />}>
                      {t("choice.inUse")}
                    </Badge>
                  ) : null}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {live.size > 0 ? (
          <Group title={t("live.title")} columns={providers.length + 1}>
            {liveRows(t).map(({ key, label, value }) => (
              <Row key={key} label={label}>
                {providers.map((provider) => {
                  const column = live.get(provider.id);
                  return (
                    <DataCell key={provider.id} provider={named(provider.id)} chosen={provider.id === chosen}>
                      {column ? value(column) : <span className="text-ink-soft">{t("live.none")}</span>}
                    </DataCell>
                  );
                })}
              </Row>
            ))}
          </Group>
        ) : null}
        {groups.map(({ group, rows }) => (
          <Group key={group} title={t(`comparisonGroup.${group}`)} columns={providers.length + 1}>
            {rows.map((row) => (
              <Row key={row.key} label={row.label}>
                {providers.map((provider) => (
                  <DataCell key={provider.id} provider={named(provider.id)} chosen={provider.id === chosen}>
                    <ComparisonCell cell={row[provider.id]} about={`${row.label}, ${named(provider.id)}`} />
                  </DataCell>
                ))}
              </Row>
            ))}
          </Group>
        ))}
      </table>
    </div>
  );
}

function Group({ title, columns, children }: { title: string; columns: number; children: ReactNode }) {
  return (
    <tbody {...is.group} className="group/part block @lg:table-row-group">
      <tr {...is.row} className="block @lg:table-row">
        <th
          {...is.columnHead}
          scope="rowgroup"
          colSpan={columns}
          className="block border-line border-b bg-sunken px-3 pt-3 pb-1.5 text-left font-semibold text-ink-soft text-xs @lg:table-cell"
        >
          {title}
        </th>
      </tr>
      {children}
    </tbody>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <tr {...is.row} className="group/row block border-line border-b px-3 py-2.5 @lg:table-row @lg:border-0 @lg:p-0">
      <th
        {...is.rowHead}
        scope="row"
        className="break-anywhere left-0 block bg-panel pb-1 text-left align-top font-medium @lg:sticky @lg:table-cell @lg:border-line @lg:border-b @lg:px-3 @lg:py-2"
      >
        {label}
      </th>
      {children}
    </tr>
  );
}

function DataCell({ provider, chosen, children }: { provider: string; chosen: boolean; children: ReactNode }) {
  return (
    <td
      {...is.cell}
      className={clsx(
        "break-anywhere block border-s-2 py-1 ps-2.5 align-top @lg:table-cell @lg:border-s @lg:border-b @lg:border-b-line @lg:px-3 @lg:py-2",
        chosen ? "border-s-accent" : "border-s-line",
      )}
    >
      {/* The column's head says it where there are columns. */}
      <p aria-hidden className="font-medium text-ink-soft text-xs @lg:hidden">
        {provider}
      </p>
      {children}
    </td>
  );
}
