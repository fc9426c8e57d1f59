import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { WebhookEndpointView } from "../../../api/schema.gen";
import { useProblemText } from "../../../domain/problem-text";
import { Confirm } from "../../../ui/dialog";
import { useToast } from "../../../ui/toast";
import { useDeleteEndpoint } from "./queries";

/** What tells an endpoint from others in a word. */
export function shortName({ description, url }: WebhookEndpointView): string {
  return description || (URL.canParse(url) ? new URL(url).host : url);
}

/** Asks for the endpoint's name first: its secret and its log are gone for good. */
export function DeleteEndpoint({
  endpoint,
  onClose,
  onDeleted,
}: {
  endpoint: WebhookEndpointView;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { t } = useTranslation("webhook-endpoints");
  const problemText = useProblemText();
  const toast = useToast();
  const remove = useDeleteEndpoint();
  const name = shortName(endpoint);
  return (
    <Confirm
      open
      tone="danger"
      title={t("delete.title", { name })}
      body={t("delete.body")}
      typed={name}
      confirmLabel={t("delete.confirm")}
      busy={remove.isPending}
      error={remove.error ? problemText(asProblem(remove.error)) : undefined}
      onCancel={onClose}
      onConfirm={() =>
        remove.mutate(endpoint.id, {
          onSuccess: () => {
            toast.ok(t("delete.done", { name }));
            onDeleted();
          },
        })
      }
    />
  );
}
