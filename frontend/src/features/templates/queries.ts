import { keepPreviousData, queryOptions, skipToken, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "../../api/client";
import { keys } from "../../api/keys";
import type { TemplateDefinition } from "../../api/schema.gen";
import { templateLists } from "../../api/templates";
import { useWorkspace } from "../../api/workspace";

export const templateQuery = (workspace: string, template: string | undefined) =>
  queryOptions({
    queryKey: keys.of(workspace, "templates", "one", template),
    queryFn: template
      ? ({ signal }) =>
          unwrap(
            api.GET("/api/v1/templates/{template_id}", {
              params: { path: { template_id: template } },
              headers: inWorkspace(workspace),
              signal,
            }),
          )
      : skipToken,
  });

/** When templates were last compared with what stands at the providers, for each account. */
export const syncsQuery = (workspace: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "templates", "syncs"),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/v1/templates/syncs", { headers: inWorkspace(workspace), signal }))).data,
  });

/** A definition from every side. It depends on nothing but itself, so it is asked once. */
export const previewQuery = (workspace: string, definition: TemplateDefinition) =>
  queryOptions({
    queryKey: keys.of(workspace, "template-previews", "one", definition),
    queryFn: ({ signal }) =>
      unwrap(api.POST("/api/v1/templates/preview", { headers: inWorkspace(workspace), body: definition, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: false,
  });

function useTemplatesChanged() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.of(id, "templates") });
}

export function useSync() {
  const { id } = useWorkspace();
  const changed = useTemplatesChanged();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/templates/syncs", { headers: inWorkspace(id), body: {} })),
    onSuccess: () => void changed(),
  });
}

/** Makes a template, or with its id changes one. `attempt` is the same for each try of one filled form. */
export function useSaveTemplate() {
  const { id } = useWorkspace();
  const changed = useTemplatesChanged();
  return useMutation({
    mutationFn: ({
      template,
      body,
      attempt,
    }: {
      template?: string | undefined;
      body: TemplateDefinition;
      attempt: string;
    }) =>
      unwrap(
        template
          ? api.PUT("/api/v1/templates/{template_id}", {
              params: { path: { template_id: template } },
              headers: inWorkspace(id),
              body,
            })
          : api.POST("/api/v1/templates", {
              params: { header: { "Idempotency-Key": attempt } },
              headers: inWorkspace(id),
              body,
            }),
      ),
    onSuccess: () => void changed(),
  });
}

export function useSubmitTemplate() {
  const { id } = useWorkspace();
  const changed = useTemplatesChanged();
  return useMutation({
    mutationFn: ({ template, channel }: { template: string; channel: string }) =>
      unwrap(
        api.POST("/api/v1/templates/{template_id}/submissions", {
          params: { path: { template_id: template } },
          headers: inWorkspace(id),
          body: { channel_id: channel },
        }),
      ),
    // A refusal is kept with the registration, so that it changes as well.
    onSettled: () => void changed(),
  });
}

export function useDeleteTemplate() {
  const { id } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ template, everywhere }: { template: string; everywhere: boolean }) =>
      unwrap(
        api.DELETE("/api/v1/templates/{template_id}", {
          params: { path: { template_id: template }, query: { everywhere } },
          headers: inWorkspace(id),
        }),
      ),
    // The lists only: whoever looks at the deleted template leaves its page and must not see it vanish first.
    onSuccess: () => void client.invalidateQueries({ queryKey: templateLists(id) }),
  });
}
