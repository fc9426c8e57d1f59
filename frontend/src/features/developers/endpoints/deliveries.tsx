import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FilterX, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { WebhookEndpointView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { SelectField } from "../../../ui/field";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../../ui/state";
import { eventKinds } from "../search";
import { DeliveryDrawer } from "./delivery-drawer";
import { DeliveryTable } from "./delivery-table";
import { deliveriesQuery } from "./queries";
import { ReplayDialog } from "./replay-dialog";
import { deliveryStates } from "./search";

/** What the endpoint was told, and telling it once more. */
export function Deliveries({ endpoint }: { endpoint: WebhookEndpointView }) {
  const { t } = useTranslation("webhook-endpoints");
  const workspace = useWorkspace();
  const { state, type, delivery } = useSearch({ from: "/w/$workspace/webhook-endpoints/$endpoint" });
  const navigate = useNavigate({ from: "/w/$workspace/webhook-endpoints/$endpoint" });
  const query = useInfiniteQuery(deliveriesQuery(workspace.id, endpoint.id, { state, type }));
  const [replaying, setReplaying] = useState(false);
  const rows = query.data?.pages.flatMap(({ data }) => data);
  const filtered = state !== undefined || type !== undefined;
  const choose = (change: { state?: typeof state; type?: typeof type }) =>
    navigate({ search: (old) => ({ ...old, ...change, delivery: undefined }), replace: true, resetScroll: false });
  const open = (id: string | undefined) =>
    navigate({ search: (old) => ({ ...old, delivery: id }), resetScroll: false });

  return (
    <>
      <Card
        title={t("log.title")}
        description={t("log.lead")}
        flush
        actions={
          workspace.can("webhooks:write") ? (
            <Button icon={<RotateCcw />} onClick={() => setReplaying(true)}>
              {t("replay.open")}
            </Button>
          ) : undefined
        }
      >
        <RefetchBar active={query.isFetching && rows !== undefined && query.isPlaceholderData} />
        {/* biome-ignore lint/a11y/useSemanticElements: the shortcut for filters looks for the role. */}
        <div role="search" aria-label={t("log.filters")} className="flex flex-wrap gap-3 border-line border-b p-4">
          <div className="w-48 max-w-full">
            <SelectField
              label={t("log.state")}
              value={state ?? ""}
              onChange={({ currentTarget: { value } }) =>
                choose({ state: deliveryStates.find((each) => each === value) })
              }
              options={[
                { value: "", label: t("log.allStates") },
                ...deliveryStates.map((each) => ({ value: each, label: t(`delivery.state.${each}`) })),
              ]}
            />
          </div>
          <div className="w-64 max-w-full">
            <SelectField
              label={t("log.type")}
              value={type ?? ""}
              onChange={({ currentTarget: { value } }) => choose({ type: eventKinds.find((each) => each === value) })}
              options={[
                { value: "", label: t("log.allTypes") },
                ...eventKinds.map((each) => ({ value: each, label: each })),
              ]}
            />
          </div>
        </div>
        {!rows ? (
          query.error ? (
            <FailedLoad title={t("log.failed")} problem={asProblem(query.error)} query={query} />
          ) : (
            <div className="p-4">
              <Skeleton lines={8} />
            </div>
          )
        ) : rows.length > 0 ? (
          <>
            <DeliveryTable
              rows={rows}
              selected={delivery}
              onOpen={({ id }) => void open(id)}
              onEndReached={
                query.hasNextPage && !query.isFetchNextPageError ? () => void query.fetchNextPage() : undefined
              }
              loadingMore={query.isFetchingNextPage}
            />
            <div className="border-line border-t px-4 py-2">
              <LoadMore
                hasMore={query.hasNextPage}
                loading={query.isFetchingNextPage}
                failed={query.isFetchNextPageError}
                shown={rows.length}
                onLoad={() => query.fetchNextPage()}
              />
            </div>
          </>
        ) : filtered ? (
          <EmptyState
            icon={<FilterX />}
            title={t("log.noneTitle")}
            action={<Button onClick={() => choose({ state: undefined, type: undefined })}>{t("log.clear")}</Button>}
          />
        ) : (
          <EmptyState title={t("log.emptyTitle")}>{t("log.empty")}</EmptyState>
        )}
      </Card>
      <DeliveryDrawer delivery={delivery} onClose={() => void open(undefined)} />
      {replaying ? <ReplayDialog endpoint={endpoint.id} onClose={() => setReplaying(false)} /> : null}
    </>
  );
}
