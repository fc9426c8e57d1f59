import { useTranslation } from "react-i18next";
import type { MessageContext, MessageStory } from "../../../api/schema.gen";
import { lossOf, reactionsOf } from "../../../domain/timeline";
import { Badge } from "../../../ui/badge";
import { type Fact, Facts } from "../../../ui/facts";
import { Notice } from "../../../ui/notice";
import { Time } from "../../../ui/time";

/** What stands around a message: how it came, what was done with it since, and what people think of it. */
export function Around({ story }: { story: MessageStory }) {
  const context = story.context ?? {};
  return (
    <>
      <Marks context={context} />
      <Reactions story={story} />
      <Less story={story} />
      <CameBy context={context} />
    </>
  );
}

function Marks({ context }: { context: MessageContext }) {
  const { t } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const { forwarded, frequently_forwarded, edited_at, deleted_at, opt_out } = context;
  return (
    <div className="flex flex-wrap items-center gap-2 text-ink-soft text-xs empty:hidden">
      {frequently_forwarded || forwarded ? (
        <Badge>{td(`phoneMark.forwarded.${frequently_forwarded ? "frequently" : "yes"}`)}</Badge>
      ) : null}
      {opt_out ? <Badge tone={opt_out === "stop" ? "warn" : "neutral"}>{t(`around.optOut.${opt_out}`)}</Badge> : null}
      {edited_at ? (
        <span>
          {t("around.edited")} <Time value={edited_at} look="full" />
        </span>
      ) : null}
      {deleted_at ? (
        <span>
          {t("around.deleted")} <Time value={deleted_at} look="full" />
        </span>
      ) : null}
    </div>
  );
}

function Reactions({ story }: { story: MessageStory }) {
  const { t } = useTranslation("messages");
  const reactions = reactionsOf(story.timeline);
  return reactions.length === 0 ? null : (
    <ul aria-label={t("around.reactions")} className="flex flex-wrap gap-2 text-sm">
      {reactions.map(({ from, emoji }) => (
        <li key={from} className="rounded-full border border-line bg-panel px-2 py-0.5">
          {emoji} <bdi className="text-ink-soft text-xs">{from}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** What was asked for, where less was sent, and what was lost. */
function Less({ story: { context, content, provider, timeline } }: { story: MessageStory }) {
  const { t } = useTranslation(["messages", "compose", "domain"]);
  const asked = context?.degraded_from;
  if (!asked) {
    return null;
  }
  const kind = (name: string) => t(`compose:kind.${name as "list"}`, { defaultValue: name });
  const loss = lossOf(timeline);
  return (
    <Notice
      tone="info"
      title={
        asked === content.type
          ? t("around.lessOf", { asked: kind(asked) })
          : t("around.less", { asked: kind(asked), sent: kind(content.type) })
      }
    >
      {t("around.lessWhy", { provider: t(`domain:provider.${provider}`) })}
      {/* The gateway's words are English. */}
      {loss ? <p lang="en">{loss}</p> : null}
    </Notice>
  );
}

/** The ad, post or product that led here. */
function CameBy({ context: { referral, product } }: { context: MessageContext }) {
  const { t } = useTranslation("messages");
  const facts: Fact[] = [];
  const add = (label: string, value: string | null | undefined) => value && facts.push({ label, value });
  if (referral) {
    add(t("around.headline"), referral.headline);
    add(t("around.body"), referral.body);
    add(t("around.source"), referral.source_url);
    add(t("around.sourceId"), referral.source_id);
    add(t("around.click"), referral.ctwa_clid);
  }
  if (product) {
    add(t("around.product"), product.product_id);
    add(t("around.catalog"), product.catalog_id);
  }
  return facts.length === 0 ? null : (
    <div className="grid gap-2 rounded-md border border-line p-3">
      <p className="font-medium text-sm">
        {t(referral ? (referral.source_type === "post" ? "around.byPost" : "around.byAd") : "around.byProduct")}
      </p>
      <Facts items={facts} />
    </div>
  );
}
