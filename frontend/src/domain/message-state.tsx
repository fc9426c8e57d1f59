import {
  ArrowDownLeft,
  Ban,
  Check,
  CheckCheck,
  CirclePause,
  CircleQuestionMark,
  CircleX,
  Clock,
  Eye,
  type LucideIcon,
  Send,
  TimerOff,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { HoldReason, MessageState } from "../api/schema.gen";
import { Badge } from "../ui/badge";

type Tone = "neutral" | "ok" | "warn" | "bad" | "info";

const icons: Record<MessageState, LucideIcon> = {
  queued: Clock,
  claimed: Clock,
  sending: Send,
  accepted: Check,
  sent: Check,
  delivered: CheckCheck,
  read: Eye,
  unknown: CircleQuestionMark,
  failed: CircleX,
  cancelled: Ban,
  expired: TimerOff,
  received: ArrowDownLeft,
};

/** A colour only for what somebody has to look at. */
export function stateTone(state: MessageState): Tone {
  switch (state) {
    case "failed":
      return "bad";
    case "unknown":
    case "expired":
      return "warn";
    default:
      return "neutral";
  }
}

export function StateIcon({ state }: { state: MessageState }) {
  const Icon = icons[state];
  return <Icon aria-hidden />;
}

/** `hold`: why a queued message waits although its time has come. */
export function MessageStateBadge({ state, hold }: { state: MessageState; hold?: HoldReason | null | undefined }) {
  const { t } = useTranslation("domain");
  if (state === "queued" && hold) {
    return (
      <Badge tone="warn" icon={<CirclePause aria-hidden />}>
        {t("held")}
      </Badge>
    );
  }
  return (
    <Badge tone={stateTone(state)} icon={<StateIcon state={state} />}>
      {t(`state.${state}`)}
    </Badge>
  );
}
