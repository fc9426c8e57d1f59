import { useQuery } from "@tanstack/react-query";
import { Lock, Webhook } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Notice } from "../../../ui/notice";
import { Page } from "../../../ui/page";
import { EmptyState, RefetchBar, Skeleton } from "../../../ui/state";
import { CreateEndpointDialog } from "../endpoints/create-endpoint-dialog";
import { EndpointTable } from "../endpoints/endpoint-table";
import { endpointsQuery } from "../endpoints/queries";
import { SecretShown } from "../endpoints/secret-shown";

/** Whom the workspace's events are told. */
export function WebhookEndpointsPage() {
  const { t } = useTranslation("webhook-endpoints");
  const { can } = useWorkspace();
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <Page
      title={t("title")}
      description={t("lead")}
      width="wide"
      actions={
        can("webhooks:write") ? (
          <Button look="primary" onClick={() => setCreating(true)}>
            {t("create.open")}
          </Button>
        ) : undefined
      }
    >
      {can("webhooks:read") ? (
        <List />
      ) : (
        <Card>
          <EmptyState icon={<Lock />} title={t("hiddenTitle")}>
            {t("hidden")}
          </EmptyState>
        </Card>
      )}
      {creating ? (
        <CreateEndpointDialog
          onClose={() => setCreating(false)}
          onCreated={(created) => {
            setCreating(false);
            setSecret(created.secret);
          }}
        />
      ) : null}
      {secret ? <SecretShown secret={secret} rotated={false} onClose={() => setSecret(undefined)} /> : null}
    </Page>
  );
}

function List() {
  const { t } = useTranslation("webhook-endpoints");
  const workspace = useWorkspace();
  const query = useQuery(endpointsQuery(workspace.id));
  if (!query.data) {
    return query.error ? (
      <FailedLoad title={t("failed")} problem={asProblem(query.error)} query={query} />
    ) : (
      <Card>
        <Skeleton lines={6} />
      </Card>
    );
  }
  return (
    <>
      {workspace.can("webhooks:write") ? null : <Notice>{t("readOnly")}</Notice>}
      <Card flush={query.data.length > 0}>
        <RefetchBar active={query.isRefetching && query.isError} />
        {query.data.length > 0 ? (
          <EndpointTable rows={query.data} />
        ) : (
          <EmptyState icon={<Webhook />} title={t("emptyTitle")}>
            {t("empty")}
          </EmptyState>
        )}
      </Card>
    </>
  );
}
