import type { TFunction } from "i18next";
import { ArrowRight, type LucideIcon, Waypoints } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ProviderKind } from "../api/schema.gen";

/** By way of somebody, or straight on: no brand's sign. */
const icons: Record<ProviderKind, LucideIcon> = { twilio: Waypoints, direct: ArrowRight };

export function providerName(provider: ProviderKind, t: TFunction<"domain">): string {
  return t(`provider.${provider}`);
}

/** The provider's name, or with `name` a channel's: then the provider is in the sign and read out. */
export function ProviderMark({ provider, name }: { provider: ProviderKind; name?: string | undefined }) {
  const { t } = useTranslation("domain");
  const Icon = icons[provider];
  const title = providerName(provider, t);
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 whitespace-nowrap align-middle">
      <span title={name ? title : undefined} className="shrink-0">
        <Icon aria-hidden className="size-4 text-ink-soft" />
        {name ? <span className="sr-only">{title}: </span> : null}
      </span>
      <span className="truncate">{name ?? title}</span>
    </span>
  );
}
