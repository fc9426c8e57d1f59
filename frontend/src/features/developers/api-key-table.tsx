import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { ApiKey } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import type { Column } from "../../ui/column";
import { PlainTable } from "../../ui/plain-table";
import { Time } from "../../ui/time";
import { expiresSoon, keyState, offeredScopes, presetOf, sortedKeys } from "./api-key";

interface ApiKeyTableProps {
  rows: readonly ApiKey[];
  /** Absent for who may only look. */
  onRevoke: ((key: ApiKey) => void) | undefined;
}

export function ApiKeyTable({ rows, onRevoke }: ApiKeyTableProps) {
  const { t } = useTranslation("developers");
  const now = Date.now();
  const ended = (key: ApiKey) => keyState(key, now) !== "active";

  const columns: Column<ApiKey>[] = [
    {
      key: "name",
      header: t("keys.column.name"),
      cell: (key) => (
        <span className="grid gap-0.5">
          <span className={clsx("font-medium", ended(key) && "text-ink-soft")}>{key.name}</span>
          <span className="text-ink-soft text-xs">
            <code className="whitespace-nowrap font-mono">{key.prefix}…</code> · {t("keys.madeAt")}{" "}
            <Time value={key.created_at} look="relative" />
            {key.created_by ? null : `, ${t("keys.byCommand")}`}
          </span>
          {/* What the columns say that have no room on a phone. */}
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-soft text-xs @min-[40rem]:hidden">
            <State of={key} now={now} />
            <span>
              {t("keys.column.lastUsed")}: <LastUsed of={key} />
            </span>
            <span>
              {t("keys.column.expires")}: <Expiry of={key} now={now} />
            </span>
          </span>
        </span>
      ),
    },
    { key: "scopes", header: t("keys.column.scopes"), hideBelow: "md", cell: (key) => <Scopes of={key} /> },
    { key: "lastUsed", header: t("keys.column.lastUsed"), hideBelow: "sm", cell: (key) => <LastUsed of={key} /> },
    { key: "expires", header: t("keys.column.expires"), hideBelow: "sm", cell: (key) => <Expiry of={key} now={now} /> },
    { key: "state", header: t("keys.column.state"), hideBelow: "sm", cell: (key) => <State of={key} now={now} /> },
  ];
  if (onRevoke) {
    columns.push({
      key: "actions",
      header: <span className="sr-only">{t("keys.column.actions")}</span>,
      align: "end",
      cell: (key) =>
        // An expired key can be revoked as well: it then says so for good.
        keyState(key, now) === "revoked" ? null : (
          <Button size="small" aria-label={t("keys.revokeNamed", { name: key.name })} onClick={() => onRevoke(key)}>
            {t("keys.revoke")}
          </Button>
        ),
    });
  }
  return (
    <PlainTable caption={t("keys.table")} columns={columns} rows={sortedKeys(rows, now)} rowKey={({ id }) => id} />
  );
}

function Scopes({ of: { scopes } }: { of: ApiKey }) {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  const preset = presetOf(scopes, offeredScopes(workspace.scopes, workspace.environment));
  return (
    <span className="grid">
      {preset ? <span>{t(`create.preset.${preset}`)}</span> : null}
      {preset === "everything" ? null : <span className="font-mono text-ink-soft text-xs">{scopes.join(", ")}</span>}
    </span>
  );
}

function State({ of: key, now }: { of: ApiKey; now: number }) {
  const { t } = useTranslation("developers");
  const state = keyState(key, now);
  return <Badge tone={state === "expired" ? "warn" : "neutral"}>{t(`keys.state.${state}`)}</Badge>;
}

function LastUsed({ of: { last_used_at } }: { of: ApiKey }) {
  const { t } = useTranslation("developers");
  return last_used_at ? (
    <Time value={last_used_at} look="relative" />
  ) : (
    <span className="text-ink-soft">{t("keys.notYet")}</span>
  );
}

function Expiry({ of: key, now }: { of: ApiKey; now: number }) {
  const { t } = useTranslation("developers");
  return key.expires_at ? (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Time value={key.expires_at} look="short" />
      {expiresSoon(key, now) ? <Badge tone="warn">{t("keys.soon")}</Badge> : null}
    </span>
  ) : (
    <span className="text-ink-soft">{t("keys.never")}</span>
  );
}
