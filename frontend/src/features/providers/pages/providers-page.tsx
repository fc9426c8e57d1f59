import { usePrefetchQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowDown } from "lucide-react";
import { useCallback, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../../api/channels";
import { asProblem } from "../../../api/problem";
import type { ProviderCatalog, ProviderKind } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { Button } from "../../../ui/button";
import { Page } from "../../../ui/page";
import { RefetchBar, Skeleton } from "../../../ui/state";
import { useUnsavedGuard } from "../../../ui/unsaved";
import { ofProvider } from "../channel";
import { Comparison } from "../parts/comparison";
import { ConnectPanel } from "../parts/connect-panel";
import { LoadProblem } from "../parts/load-problem";
import { ProviderChoice } from "../parts/provider-choice";
import { catalogueQuery } from "../queries";

/** Choose a provider, see how they compare, and connect the chosen one. */
export function ProvidersPage() {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const catalogue = useQuery(catalogueQuery(workspace.id));
  // Read further below, but asked for at the same time.
  usePrefetchQuery(channelsQuery(workspace.id));
  const toComparison = () => {
    const heading = document.getElementById("comparison");
    heading?.scrollIntoView();
    heading?.focus({ preventScroll: true });
  };
  return (
    <Page
      title={t("providers.title")}
      description={t("providers.lead")}
      width="full"
      actions={
        catalogue.data ? (
          <div className="xl:hidden">
            <Button icon={<ArrowDown />} onClick={toComparison}>
              {t("providers.toComparison")}
            </Button>
          </div>
        ) : undefined
      }
    >
      {catalogue.data ? (
        <Loaded catalogue={catalogue.data} />
      ) : catalogue.error ? (
        <LoadProblem
          problem={asProblem(catalogue.error)}
          onRetry={() => catalogue.refetch()}
          retrying={catalogue.isFetching}
        />
      ) : (
        <div className={columns}>
          <div className="grid content-start gap-5">
            <Skeleton height="14rem" />
            <Skeleton height="44rem" />
          </div>
          <Skeleton height="60rem" />
        </div>
      )}
    </Page>
  );
}

const columns = "grid items-start gap-x-6 gap-y-5 xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]";

function Loaded({ catalogue }: { catalogue: ProviderCatalog }) {
  const workspace = useWorkspace();
  const channels = useQuery(channelsQuery(workspace.id));
  // The choice and its form stand first; the long table follows without holding them up.
  const compared = useDeferredValue<ProviderCatalog | null>(catalogue, null);
  const search = useSearch({ from: "/w/$workspace/providers" });
  const navigate = useNavigate({ from: "/w/$workspace/providers" });
  const [opened, setOpened] = useState<readonly ProviderKind[]>([]);
  const [dirty, setDirty] = useState<ReadonlySet<ProviderKind>>(new Set());
  useUnsavedGuard(dirty.size > 0);

  const onDirty = useCallback((provider: ProviderKind, is: boolean) => {
    setDirty((old) => {
      if (old.has(provider) === is) {
        return old;
      }
      const next = new Set(old);
      if (is) {
        next.add(provider);
      } else {
        next.delete(provider);
      }
      return next;
    });
  }, []);

  const named = (id: string | undefined) => catalogue.data.find((provider) => provider.id === id);
  const chosen = named(search.provider) ?? named(workspace.whatsapp_provider);
  if (!chosen) {
    return null;
  }
  if (!opened.includes(chosen.id)) {
    setOpened([...opened, chosen.id]);
  }
  return (
    <div className={columns}>
      <div className="relative grid content-start gap-5">
        <RefetchBar active={channels.isFetching && channels.data !== undefined} />
        <ProviderChoice
          providers={catalogue.data}
          channels={channels.data}
          chosen={chosen}
          onChoose={(provider) => navigate({ search: (old) => ({ ...old, provider }), resetScroll: false })}
        />
        {channels.error && !channels.data ? (
          <LoadProblem
            problem={asProblem(channels.error)}
            onRetry={() => channels.refetch()}
            retrying={channels.isFetching}
          />
        ) : null}
        {channels.isPending ? <Skeleton height="44rem" /> : null}
        {/* Forms stay, so that what was typed for one provider is still there after a look at the other. */}
        {(channels.isPending ? [] : catalogue.data.filter(({ id }) => opened.includes(id))).map((provider) => (
          <div key={provider.id} hidden={provider !== chosen}>
            <ConnectPanel
              provider={provider}
              channels={ofProvider(channels.data ?? [], provider.id)}
              onDirty={onDirty}
            />
          </div>
        ))}
      </div>
      {compared ? (
        <Comparison
          catalogue={compared}
          channels={channels.data ?? []}
          chosen={chosen.id}
          onlyDifferences={search.differences ?? false}
          onOnlyDifferences={(on) =>
            navigate({ search: (old) => ({ ...old, differences: on || undefined }), resetScroll: false })
          }
        />
      ) : (
        <Skeleton height="60rem" />
      )}
    </div>
  );
}
