import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { WebhookEndpointView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Button, buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Page } from "../../../ui/page";
import { EmptyState, Skeleton } from "../../../ui/state";
import { DeleteEndpoint, shortName } from "../endpoints/delete-endpoint";
import { Deliveries } from "../endpoints/deliveries";
import { EndpointCondition } from "../endpoints/endpoint-condition";
import { EndpointEdit } from "../endpoints/endpoint-edit";
import { EndpointState } from "../endpoints/endpoint-state";
import { endpointQuery } from "../endpoints/queries";

/** One endpoint: how it fares, what it was told, its settings, and the way to be rid of it. */
export function WebhookEndpointPage() {
  const { t } = useTranslation("webhook-endpoints");
  const workspace = useWorkspace();
  const { endpoint: id } = useParams({ from: "/w/$workspace/webhook-endpoints/$endpoint" });
  const query = useQuery(endpointQuery(workspace.id, id));
  const all = (
    <Link to="/w/$workspace/webhook-endpoints" params={{ workspace: workspace.id }} className={buttonClass()}>
      {t("all")}
    </Link>
  );
  if (query.data) {
    return <Loaded key={id} endpoint={query.data} all={all} />;
  }
  const problem = query.error ? asProblem(query.error) : undefined;
  return (
    <Page title={t("one")} width="wide" actions={all}>
      {problem?.code === "not_found" || problem?.code === "invalid_parameter" ? (
        <Card>
          <EmptyState title={t("missingTitle")} action={all}>
            {t("missing")}
          </EmptyState>
        </Card>
      ) : problem ? (
        <FailedLoad title={t("failed")} problem={problem} query={query} />
      ) : (
        <>
          <Skeleton height="16rem" />
          <Skeleton height="24rem" />
        </>
      )}
    </Page>
  );
}

function Loaded({ endpoint, all }: { endpoint: WebhookEndpointView; all: ReactNode }) {
  const { t } = useTranslation("webhook-endpoints");
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const mayWrite = workspace.can("webhooks:write");
  return (
    <Page title={shortName(endpoint)} mark={<EndpointState endpoint={endpoint} />} width="wide" actions={all}>
      <EndpointCondition endpoint={endpoint} />
      <Deliveries endpoint={endpoint} />
      {mayWrite ? (
        <>
          <Card title={t("edit.title")} description={t("edit.lead")}>
            <EndpointEdit endpoint={endpoint} />
          </Card>
          <Card title={t("delete.section")} description={t("delete.body")}>
            <Button look="danger" icon={<Trash2 />} onClick={() => setDeleting(true)}>
              {t("delete.open")}
            </Button>
          </Card>
        </>
      ) : null}
      {deleting ? (
        <DeleteEndpoint
          endpoint={endpoint}
          onClose={() => setDeleting(false)}
          onDeleted={() =>
            void navigate({
              to: "/w/$workspace/webhook-endpoints",
              params: { workspace: workspace.id },
              replace: true,
            })
          }
        />
      ) : null}
    </Page>
  );
}
