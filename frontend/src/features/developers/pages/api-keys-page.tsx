import { useInfiniteQuery } from "@tanstack/react-query";
import { KeyRound, Lock } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { apiAddress } from "../../../api/address";
import { asProblem } from "../../../api/problem";
import type { ApiKey } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { curlOf } from "../../../domain/curl";
import { FailedLoad } from "../../../domain/failed-load";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { CodeBlock } from "../../../ui/copy";
import { Notice } from "../../../ui/notice";
import { Page } from "../../../ui/page";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../../ui/state";
import { ApiKeyTable } from "../api-key-table";
import { CreateKeyDialog } from "../create-key-dialog";
import { apiKeysQuery } from "../queries";
import { RevokeKeyDialog } from "../revoke-key-dialog";

export function ApiKeysPage() {
  const { t } = useTranslation("developers");
  const { can } = useWorkspace();
  const [creating, setCreating] = useState(false);

  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {t("keys.create")}
    </Button>
  );
  return (
    <Page title={t("keys.title")} description={t("keys.lead")} width="wide" actions={can("api_keys:write") && create}>
      {can("api_keys:read") ? (
        <KeyList />
      ) : (
        <Card>
          <EmptyState icon={<Lock />} title={t("keys.hiddenTitle")}>
            {t("keys.hidden")}
          </EmptyState>
        </Card>
      )}
      {creating ? <CreateKeyDialog onClose={() => setCreating(false)} /> : null}
    </Page>
  );
}

function KeyList() {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  const query = useInfiniteQuery(apiKeysQuery(workspace.id));
  const [revoking, setRevoking] = useState<ApiKey>();
  const mayWrite = workspace.can("api_keys:write");

  if (query.isPending) {
    return (
      <Card>
        <Skeleton lines={6} />
      </Card>
    );
  }
  if (!query.data) {
    return <FailedLoad title={t("keys.errorTitle")} problem={asProblem(query.error)} query={query} />;
  }
  const rows = query.data.pages.flatMap(({ data }) => data);
  return (
    <>
      {mayWrite ? null : <Notice tone="info">{t("keys.readOnly")}</Notice>}
      <Card flush={rows.length > 0}>
        <RefetchBar active={query.isRefetching} />
        {rows.length > 0 ? <ApiKeyTable rows={rows} onRevoke={mayWrite ? setRevoking : undefined} /> : <NoKeys />}
      </Card>
      {query.hasNextPage ? (
        <LoadMore
          hasMore
          loading={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          onLoad={() => query.fetchNextPage()}
          shown={rows.length}
        />
      ) : null}
      {revoking ? <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} /> : null}
    </>
  );
}

/** Why one needs a key, and what it is used for. */
function NoKeys() {
  const { t } = useTranslation("developers");
  const sample = curlOf({
    method: "POST",
    url: `${apiAddress}/api/v1/messages`,
    body: { to: "+447700900123", content: { type: "text", body: "Your parcel is on its way" } },
  });
  return (
    <div className="mx-auto grid w-full max-w-2xl gap-2 pb-4">
      <EmptyState icon={<KeyRound />} title={t("keys.empty.title")}>
        {t("keys.empty.why")}
      </EmptyState>
      <CodeBlock code={sample} language="sh" label={t("keys.empty.sample")} />
    </div>
  );
}
