import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../../api/client";
import { keys } from "../../../api/keys";
import type {
  EventKind,
  NewWebhookEndpoint,
  WebhookDeliveryState,
  WebhookEndpointChange,
  WebhookEndpointView,
  WebhookReplay,
} from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";

/** That an endpoint took something is no event of the feed. */
const CONDITION_MS = 5_000;
const DELIVERIES_MS = 3_000;

/** A workspace has twenty endpoints at most: one page holds them. */
export const endpointsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "webhook-endpoints", "list"),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          api.GET("/api/v1/webhook-endpoints", {
            params: { query: { limit: 200 } },
            headers: inWorkspace(workspace),
            signal,
          }),
        )
      ).data,
    refetchInterval: CONDITION_MS,
  });

export const endpointQuery = (workspace: string, webhook_endpoint_id: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "webhook-endpoints", "one", webhook_endpoint_id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/webhook-endpoints/{webhook_endpoint_id}", {
          params: { path: { webhook_endpoint_id } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    refetchInterval: CONDITION_MS,
  });

function keep(client: QueryClient, workspace: string, endpoint: WebhookEndpointView) {
  client.setQueryData(endpointQuery(workspace, endpoint.id).queryKey, endpoint);
  return client.invalidateQueries({ queryKey: endpointsQuery(workspace).queryKey });
}

/** The answer holds the secret's only copy: it is given to the caller and kept nowhere (`gcTime: 0`). */
export function useCreateEndpoint() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, attempt }: { body: NewWebhookEndpoint; attempt: string }) =>
      unwrap(
        api.POST("/api/v1/webhook-endpoints", {
          body,
          params: { header: { "Idempotency-Key": attempt } },
          headers: inWorkspace(id),
        }),
      ),
    gcTime: 0,
    onSuccess: () => void client.invalidateQueries({ queryKey: endpointsQuery(id).queryKey }),
  });
}

/** As `useCreateEndpoint`. */
export function useRotateSecret(webhook_endpoint_id: string) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/webhook-endpoints/{webhook_endpoint_id}/rotate-secret", {
          params: { path: { webhook_endpoint_id } },
          headers: inWorkspace(id),
        }),
      ),
    gcTime: 0,
    onSuccess: ({ secret: _, ...endpoint }) => void keep(client, id, endpoint),
  });
}

export function useChangeEndpoint(webhook_endpoint_id: string) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookEndpointChange) =>
      unwrap(
        api.PATCH("/api/v1/webhook-endpoints/{webhook_endpoint_id}", {
          params: { path: { webhook_endpoint_id } },
          body,
          headers: inWorkspace(id),
        }),
      ),
    onSuccess: (endpoint) => keep(client, id, endpoint),
  });
}

export function useDeleteEndpoint() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (webhook_endpoint_id: string) =>
      unwrap(
        api.DELETE("/api/v1/webhook-endpoints/{webhook_endpoint_id}", {
          params: { path: { webhook_endpoint_id } },
          headers: inWorkspace(id),
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: endpointsQuery(id).queryKey }),
  });
}

export function useTestEndpoint(webhook_endpoint_id: string) {
  const { id } = useWorkspace();
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/webhook-endpoints/{webhook_endpoint_id}/test", {
          params: { path: { webhook_endpoint_id } },
          headers: inWorkspace(id),
        }),
      ),
  });
}

export interface DeliveryFilter {
  state?: WebhookDeliveryState | undefined;
  type?: EventKind | undefined;
}

/** What the endpoint was told, newest first. The more of it is open, the less often it is asked for. */
export const deliveriesQuery = (workspace: string, webhook_endpoint_id: string, { state, type }: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: keys.of(workspace, "webhook-endpoints", "deliveries", webhook_endpoint_id, state, type),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/webhook-endpoints/{webhook_endpoint_id}/deliveries", {
          params: {
            path: { webhook_endpoint_id },
            query: {
              limit: 100,
              ...(state && { state }),
              ...(type && { event_type: type }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => DELIVERIES_MS * (data?.pages.length ?? 1),
  });

export const deliveryQuery = (workspace: string, webhook_delivery_id: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "webhook-endpoints", "delivery", webhook_delivery_id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/webhook-deliveries/{webhook_delivery_id}", {
          params: { path: { webhook_delivery_id } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
    refetchInterval: ({ state: { data } }) =>
      data?.state === "pending" || data?.state === "sending" ? DELIVERIES_MS : false,
  });

export function useReplayDelivery(webhook_delivery_id: string) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/webhook-deliveries/{webhook_delivery_id}/replay", {
          params: { path: { webhook_delivery_id } },
          headers: inWorkspace(id),
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of(id, "webhook-endpoints") }),
  });
}

export function useReplayDeliveries(webhook_endpoint_id: string) {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookReplay) =>
      unwrap(
        api.POST("/api/v1/webhook-endpoints/{webhook_endpoint_id}/replay", {
          params: { path: { webhook_endpoint_id } },
          body,
          headers: inWorkspace(id),
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of(id, "webhook-endpoints") }),
  });
}
