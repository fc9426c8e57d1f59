import { useTranslation } from "react-i18next";
import type { JournalState } from "../../api/schema.gen";
import { Badge } from "../../ui/badge";
import type { Tone } from "../../ui/tone";

const tones: Record<JournalState, Tone> = { pending: "info", claimed: "info", done: "neutral", dead: "bad" };

export function WebhookStateBadge({ state }: { state: JournalState }) {
  const { t } = useTranslation("developers");
  return <Badge tone={tones[state]}>{t(`webhooks.stateName.${state}`)}</Badge>;
}
