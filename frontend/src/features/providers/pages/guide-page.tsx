import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../../api/channels";
import { asProblem } from "../../../api/problem";
import type { Provider, ProviderCatalog } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Page } from "../../../ui/page";
import { EmptyState, Skeleton } from "../../../ui/state";
import { defaultOf } from "../channel";
import { guides } from "../guide";
import { GuideLimits } from "../parts/guide-limits";
import { GuideSteps } from "../parts/guide-steps";
import { LoadProblem } from "../parts/load-problem";
import { catalogueQuery, channelQuery } from "../queries";

/** How a provider is connected, for somebody who has never done it. */
export function GuidePage() {
  const { t } = useTranslation("guides");
  const workspace = useWorkspace();
  const { provider: id } = useParams({ from: "/w/$workspace/guides/$provider" });
  const catalogue = useQuery(catalogueQuery(workspace.id));
  const provider = catalogue.data?.data.find((each) => each.id === id);
  if (catalogue.data && provider) {
    return <Guide key={id} catalogue={catalogue.data} provider={provider} />;
  }
  return (
    <Page title={isGuided(id) ? t(`title.${id}`) : t("name")}>
      {catalogue.data ? (
        <Card>
          <EmptyState
            title={t("missingTitle")}
            action={
              <Link to="/w/$workspace/providers" params={{ workspace: workspace.id }} className={buttonClass()}>
                {t("toProviders")}
              </Link>
            }
          >
            {t("missing")}
          </EmptyState>
        </Card>
      ) : catalogue.error ? (
        <LoadProblem
          problem={asProblem(catalogue.error)}
          onRetry={() => catalogue.refetch()}
          retrying={catalogue.isFetching}
        />
      ) : (
        <Skeleton height="60rem" />
      )}
    </Page>
  );
}

/** Whether the address names a provider that has a guide, whatever the gateway can tell of it at the moment. */
function isGuided(id: string): id is keyof typeof guides {
  return Object.hasOwn(guides, id);
}

const sections = ["need", "steps", "mistakes", "limits", "live"] as const;

function Guide({ catalogue, provider }: { catalogue: ProviderCatalog; provider: Provider }) {
  const { t } = useTranslation("guides");
  const workspace = useWorkspace();
  const channels = useQuery(channelsQuery(workspace.id));
  const kept = channels.data && defaultOf(channels.data, provider.id);
  // Only the channel itself shows its verify token.
  const one = useQuery({ ...channelQuery(workspace.id, kept?.id ?? ""), enabled: kept !== undefined });
  const guide = guides[provider.id];
  return (
    <Page
      title={t(`title.${provider.id}`)}
      description={t(`lead.${provider.id}`)}
      actions={
        <>
          {catalogue.data
            .filter(({ id }) => id !== provider.id)
            .map(({ id }) => (
              <Link
                key={id}
                to="/w/$workspace/guides/$provider"
                params={{ workspace: workspace.id, provider: id }}
                className={buttonClass()}
              >
                {t(`other.${provider.id}`)}
              </Link>
            ))}
          <Link
            to="/w/$workspace/providers"
            params={{ workspace: workspace.id }}
            search={{ provider: provider.id }}
            className={buttonClass({ look: "primary" })}
          >
            {t("connect")}
          </Link>
        </>
      }
    >
      <nav aria-label={t("contents")}>
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {sections.map((section) => (
            <li key={section}>
              <Link to="." hash={section} className="link inline-block py-1">
                {t(`sections.${section}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Card id="need" title={t("sections.need")}>
        <Points points={guide.need.map((key) => t(key))} />
      </Card>
      <Card id="steps" title={t("sections.steps")} flush>
        <GuideSteps provider={provider} channel={one.data ?? kept} />
      </Card>
      <Card id="mistakes" title={t("sections.mistakes")} description={t("mistakesLead")}>
        <dl className="grid gap-3 text-sm">
          {guide.mistakes.map((key) => (
            <div key={key} className="grid gap-0.5">
              <dt className="font-medium">{t(`${key}.finding`)}</dt>
              <dd className="max-w-prose text-ink-soft">{t(`${key}.cure`)}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card id="limits" title={t("sections.limits")} description={t("limitsLead")}>
        <GuideLimits catalogue={catalogue} provider={provider} />
      </Card>
      <Card id="live" title={t("sections.live")}>
        <Points points={guide.live.map((key) => t(key))} />
      </Card>
    </Page>
  );
}

function Points({ points }: { points: readonly string[] }) {
  return (
    <ul className="grid max-w-prose list-disc gap-2 ps-5 text-sm">
      {points.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ul>
  );
}
