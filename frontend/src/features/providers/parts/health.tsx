import { CircleCheck, CircleDashed, CircleX, type LucideIcon, PauseCircle, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ChannelView } from "../../../api/schema.gen";
import { Badge } from "../../../ui/badge";
import type { Tone } from "../../../ui/tone";
import { type Health, healthOf } from "../channel";

const looks: Record<Health, { icon: LucideIcon; tone: Tone }> = {
  held: { icon: PauseCircle, tone: "warn" },
  failing: { icon: CircleX, tone: "bad" },
  warned: { icon: TriangleAlert, tone: "warn" },
  untested: { icon: CircleDashed, tone: "neutral" },
  good: { icon: CircleCheck, tone: "ok" },
};

/** How a channel fares, in a word. */
export function HealthBadge({ channel }: { channel: ChannelView }) {
  const { t } = useTranslation("providers");
  const health = healthOf(channel);
  const { icon: Icon, tone } = looks[health];
  return (
    <Badge tone={tone} icon={<Icon />}>
      {t(`health.${health}`)}
    </Badge>
  );
}
