import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView, Held } from "../../../api/schema.gen";
import { FailureNote } from "../../../domain/failure";
import { ProviderMark } from "../../../domain/provider";
import { formatNumber } from "../../../lib/format";
import { Notice } from "../../../ui/notice";
import { Time } from "../../../ui/time";
import { troubles } from "../channel";
import { Sender } from "./sender";

/** What a channel is and how it has been lately. */
export function ChannelFacts({ channel }: { channel: ChannelView }) {
  const { t, i18n } = useTranslation("providers");
  const never = <span className="text-ink-soft">{t("live.never")}</span>;
  const rate = channel.messages_per_second;
  const facts: { label: string; value: ReactNode }[] = [
    { label: t("channel.provider"), value: <ProviderMark provider={channel.provider} /> },
    { label: t("channel.sender"), value: <Sender channel={channel} /> },
    {
      label: t("live.test"),
      value: channel.check?.checked_at ? <Time value={channel.check.checked_at} look="relative" /> : never,
    },
    {
      label: t("live.webhook"),
      value: channel.last_webhook_at ? <Time value={channel.last_webhook_at} look="relative" /> : never,
    },
    {
      label: t("live.rate"),
      value:
        rate === undefined || rate === null ? (
          <span className="text-ink-soft">{t("live.rateDefault")}</span>
        ) : (
          formatNumber(rate, i18n.language)
        ),
    },
  ];
  return (
    <div className="@container">
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,9rem),1fr))] gap-x-6 gap-y-3 text-sm @3xl:grid-cols-5">
        {facts.map(({ label, value }) => (
          <div key={label} className="grid content-start gap-0.5">
            <dt className="text-ink-soft text-xs">{label}</dt>
            <dd className="break-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Why nothing is sent on a channel, and since when. */
export function HeldNote({ held }: { held: Held }) {
  const { t } = useTranslation("providers");
  return (
    <div className="grid gap-2">
      <Notice tone="warn" title={held.failure ? t("held.byFailure") : t("held.byHand")}>
        {t("held.since")} <Time value={held.since} look="short" />.{" "}
        {held.failure ? t("held.ends") : t("held.endsByHand")}
      </Notice>
      {held.failure ? <FailureNote failure={held.failure} tone="warn" /> : null}
    </div>
  );
}

/** The findings of the last test that ask for something to be done. */
export function Troubles({ channel }: { channel: ChannelView }) {
  const found = troubles(channel.check?.checks ?? []);
  const { t } = useTranslation("providers");
  if (found.length === 0) {
    return null;
  }
  return (
    <ul className="grid gap-1 text-sm">
      {found.map((check) => (
        <li key={check.name}>
          <span className={check.result === "fail" ? "font-medium text-bad" : "font-medium text-warn"}>
            {t(`check.${check.name}`)}:
          </span>{" "}
          {check.finding} {check.cure}
        </li>
      ))}
    </ul>
  );
}
