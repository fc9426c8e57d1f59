import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useWorkspace } from "../../../api/workspace";
import { buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { CodeBlock } from "../../../ui/copy";
import { Page } from "../../../ui/page";

const sections = ["sqlite", "postgres", "nodes", "distributed", "exact", "rolling"] as const;

const backup = "duplex admin backup /backups/duplex.db";

const onPostgres = `export DUPLEX_SECRET_KEY=$(openssl rand -base64 32)   # once; keep it
duplex --database-url postgres://duplex:password@db.internal/duplex \\
  --public-url https://messages.example.com`;

const oneOfSeveral = `export DUPLEX_SECRET_KEY=…   # the same on every node
duplex --role all --listen 0.0.0.0:8080 \\
  --database-url postgres://duplex:password@db.internal/duplex \\
  --public-url https://messages.example.com \\
  --media-dir /mnt/media --trusted-proxies 10.0.0.0/8`;

/** How an installation grows, for whoever runs it. */
export function ScalingPage() {
  const { t } = useTranslation("scaling");
  const workspace = useWorkspace();
  return (
    <Page
      title={t("title")}
      description={t("lead")}
      actions={
        <Link to="/w/$workspace/delivery" params={{ workspace: workspace.id }} className={buttonClass()}>
          {t("toDelivery")}
        </Link>
      }
    >
      <nav aria-label={t("contents")}>
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {sections.map((section) => (
            <li key={section}>
              <Link to="." hash={section} className="link inline-block py-1">
                {t(`sections.${section}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Step
        id="sqlite"
        title={t("sections.sqlite")}
        when={[t("sqlite.when.a"), t("sqlite.when.b")]}
        how={[t("sqlite.how.a"), t("sqlite.how.b")]}
      >
        <CodeBlock code={backup} language="sh" label={t("sqlite.code")} />
      </Step>
      <Step
        id="postgres"
        title={t("sections.postgres")}
        when={[t("postgres.when.a"), t("postgres.when.b")]}
        how={[t("postgres.how.a"), t("postgres.how.b"), t("postgres.how.c")]}
      >
        <CodeBlock code={onPostgres} language="sh" label={t("postgres.code")} />
      </Step>
      <Step
        id="nodes"
        title={t("sections.nodes")}
        when={[t("nodes.when.a"), t("nodes.when.b"), t("nodes.when.c")]}
        how={[t("nodes.how.a"), t("nodes.how.b"), t("nodes.how.c"), t("nodes.how.d")]}
      >
        <CodeBlock code={oneOfSeveral} language="sh" label={t("nodes.code")} />
      </Step>
      <Step
        id="distributed"
        title={t("sections.distributed")}
        when={[t("distributed.when.a"), t("distributed.when.b")]}
        how={[t("distributed.how.a"), t("distributed.how.b"), t("distributed.how.c")]}
      />
      <Card id="exact" title={t("sections.exact")}>
        <Points points={[t("exact.a"), t("exact.b"), t("exact.c"), t("exact.d"), t("exact.e")]} />
      </Card>
      <Card id="rolling" title={t("sections.rolling")} description={t("rolling.lead")}>
        <ol className="grid max-w-prose list-decimal gap-2 ps-5 text-sm">
          <li>{t("rolling.a")}</li>
          <li>{t("rolling.b")}</li>
          <li>{t("rolling.c")}</li>
          <li>{t("rolling.d")}</li>
        </ol>
      </Card>
    </Page>
  );
}

function Step({
  id,
  title,
  when,
  how,
  children,
}: {
  id: string;
  title: string;
  when: readonly string[];
  how: readonly string[];
  children?: ReactNode;
}) {
  const { t } = useTranslation("scaling");
  return (
    <Card id={id} title={title}>
      <div className="grid gap-4">
        <div className="grid gap-2">
          <h3 className="font-semibold text-sm">{t("when")}</h3>
          <Points points={when} />
        </div>
        <div className="grid gap-2">
          <h3 className="font-semibold text-sm">{t("how")}</h3>
          <Points points={how} />
        </div>
        {children}
      </div>
    </Card>
  );
}

function Points({ points }: { points: readonly string[] }) {
  return (
    <ul className="grid max-w-prose list-disc gap-2 ps-5 text-sm">
      {points.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ul>
  );
}
