import { useTranslation } from "react-i18next";
import type { Suppression, SuppressionView } from "../../api/schema.gen";
import { PhoneNumber } from "../../domain/number";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import type { Column } from "../../ui/column";
import { PlainTable } from "../../ui/plain-table";
import { Time } from "../../ui/time";

export function SuppressionTable({
  rows,
  onOpen,
  onLift,
}: {
  rows: readonly SuppressionView[];
  onOpen: (contact: string) => void;
  /** Absent for who may only look. */
  onLift: ((suppression: SuppressionView) => void) | undefined;
}) {
  const { t } = useTranslation("contacts");
  const columns: Column<SuppressionView>[] = [
    {
      key: "person",
      header: t("column.person"),
      cell: (row) => (
        <span className="grid gap-0.5">
          <button
            type="button"
            onClick={() => onOpen(row.contact_id)}
            className="link -mx-1 min-h-6 max-w-full justify-self-start rounded-sm px-1 text-left font-medium"
          >
            {row.name ?? <PhoneNumber value={row.person} />}
          </button>
          {row.name ? (
            <span className="text-ink-soft text-xs">
              <PhoneNumber value={row.person} />
            </span>
          ) : null}
          {/* What the columns say that have no room on a phone. */}
          <span className="grid gap-1 text-ink-soft text-xs @min-[40rem]:hidden">
            <Scope of={row} />
            <Said of={row} />
            <Since of={row} labelled />
          </span>
        </span>
      ),
    },
    { key: "scope", header: t("column.scope"), hideBelow: "sm", cell: (row) => <Scope of={row} /> },
    { key: "said", header: t("column.said"), hideBelow: "sm", cell: (row) => <Said of={row} /> },
    { key: "since", header: t("column.since"), hideBelow: "sm", cell: (row) => <Since of={row} /> },
  ];
  if (onLift) {
    columns.push({
      key: "actions",
      header: <span className="sr-only">{t("column.actions")}</span>,
      align: "end",
      cell: (row) =>
        row.lifted_at ? null : (
          <Button
            size="small"
            aria-label={t("lift.named", { person: row.name ?? row.person })}
            onClick={() => onLift(row)}
          >
            {t("lift.lift")}
          </Button>
        ),
    });
  }
  return <PlainTable caption={t("table")} columns={columns} rows={rows} rowKey={({ id }) => id} />;
}

export function Scope({ of: { scope, lifted_at } }: { of: Suppression }) {
  const { t } = useTranslation("contacts");
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {t(`scope.${scope}`)}
      {lifted_at ? <Badge>{t("lifted")}</Badge> : null}
    </span>
  );
}

/** Who said so, and by what. */
export function Said({ of: { source, detail } }: { of: Suppression }) {
  const { t } = useTranslation("contacts");
  return (
    <span className="break-anywhere">
      {t(`source.${source}`)}
      {detail ? <span className="text-ink-soft">: “{detail}”</span> : null}
    </span>
  );
}

/** `labelled` where no column's head says what the time is. */
export function Since({
  of: { changed_at, lifted_at },
  labelled = false,
}: {
  of: Suppression;
  labelled?: boolean | undefined;
}) {
  const { t } = useTranslation("contacts");
  return lifted_at ? (
    <span>
      {t("liftedAt")} <Time value={lifted_at} look="short" />
    </span>
  ) : (
    <span>
      {labelled ? t("column.since") : null} <Time value={changed_at} look="short" />
    </span>
  );
}
