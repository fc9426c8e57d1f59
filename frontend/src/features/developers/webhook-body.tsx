import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { WebhookEventDetail } from "../../api/schema.gen";
import { readBody } from "../../domain/raw-body";
import { CodeBlock } from "../../ui/copy";
import { Details } from "../../ui/details";
import { JsonView } from "../../ui/json";
import { Notice } from "../../ui/notice";
import { PlainTable } from "../../ui/plain-table";

/** A webhook's body, readable, and as it came. */
export function WebhookBody({ body }: { body: WebhookEventDetail["body"] }) {
  const { t } = useTranslation("developers");
  const read = useMemo(() => (body ? readBody(body) : undefined), [body]);
  if (body === null || body === undefined) {
    return (
      <Notice tone="info" title={t("webhooks.drawer.withheldTitle")}>
        {t("webhooks.drawer.withheld")}
      </Notice>
    );
  }
  if (!read) {
    return <p className="text-ink-soft text-sm">{t("webhooks.drawer.emptyBody")}</p>;
  }
  const raw = <CodeBlock code={body} label={t("webhooks.drawer.raw")} />;
  switch (read.kind) {
    case "json":
      return (
        <div className="grid gap-2">
          <JsonView value={read.value} label={t("webhooks.drawer.body")} />
          <Details summary={t("webhooks.drawer.raw")}>{raw}</Details>
        </div>
      );
    case "form":
      return (
        <div className="grid gap-2">
          <div className="overflow-hidden rounded-md border border-line">
            <PlainTable
              caption={t("webhooks.drawer.fields")}
              columns={[
                {
                  key: "name",
                  header: t("webhooks.drawer.field"),
                  width: "40%",
                  cell: ({ name }) => <code className="font-mono text-xs">{name}</code>,
                },
                {
                  key: "value",
                  header: t("webhooks.drawer.value"),
                  cell: ({ value }) => <span className="whitespace-pre-wrap">{value}</span>,
                },
              ]}
              rows={read.fields}
              rowKey={({ at }) => at}
            />
          </div>
          <Details summary={t("webhooks.drawer.raw")}>{raw}</Details>
        </div>
      );
    case "text":
      return raw;
  }
}
