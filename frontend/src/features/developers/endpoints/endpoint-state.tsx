import { CircleCheck, CirclePause, CircleX, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { WebhookDeliveryState, WebhookEndpointView } from "../../../api/schema.gen";
import { Badge } from "../../../ui/badge";
import type { Tone } from "../../../ui/tone";

/** How an endpoint fares, in a word. */
export function EndpointState({ endpoint }: { endpoint: WebhookEndpointView }) {
  const { t } = useTranslation("webhook-endpoints");
  if (endpoint.state === "disabled") {
    return endpoint.disabled_reason === "by_hand" ? (
      <Badge icon={<CirclePause />}>{t("state.disabled")}</Badge>
    ) : (
      <Badge tone="bad" icon={<CircleX />}>
        {t("state.disabled")}
      </Badge>
    );
  }
  if (endpoint.failing_since) {
    return (
      <Badge tone="warn" icon={<TriangleAlert />}>
        {t("state.failing")}
      </Badge>
    );
  }
  return (
    <Badge tone="ok" icon={<CircleCheck />}>
      {t("state.active")}
    </Badge>
  );
}

const tones: Record<WebhookDeliveryState, Tone> = {
  pending: "neutral",
  sending: "neutral",
  delivered: "ok",
  failed: "bad",
};

export function DeliveryState({ state, tried }: { state: WebhookDeliveryState; tried: boolean }) {
  const { t } = useTranslation("webhook-endpoints");
  // One that waits after a failure deserves a look.
  const tone = state === "pending" && tried ? "warn" : tones[state];
  return <Badge tone={tone}>{t(`delivery.state.${state}`)}</Badge>;
}
