import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { providerName } from "../../../domain/provider";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { SelectField } from "../../../ui/field";
import { Page } from "../../../ui/page";
import { EmptyState, LoadMore, RefetchBar, Skeleton } from "../../../ui/state";
import { WordsField } from "../../../ui/words-field";
import { CodeEntry } from "../error-codes/code-entry";
import { errorCodesQuery } from "../error-codes/queries";
import { providers } from "../error-codes/search";

/** What each code of the providers means, and what the gateway does about it. */
export function ErrorCodesPage() {
  const { t } = useTranslation("error-codes");
  const { t: word } = useTranslation("domain");
  const workspace = useWorkspace();
  const { query, provider } = useSearch({ from: "/w/$workspace/error-codes" });
  const navigate = useNavigate({ from: "/w/$workspace/error-codes" });
  const codes = useInfiniteQuery(errorCodesQuery(workspace.id, query, provider));
  const found = codes.data?.pages.flatMap(({ data }) => data);

  return (
    <Page title={t("title")} description={t("lead")}>
      {/* biome-ignore lint/a11y/useSemanticElements: the shortcut for filters looks for the role, and not every browser gives it to the element. */}
      <div role="search" className="flex flex-wrap items-start gap-3">
        <div className="flex-1 basis-64">
          <WordsField
            label={t("query")}
            help={t("queryHelp")}
            type="search"
            maxLength={200}
            shown={query ?? ""}
            onWords={(words) =>
              navigate({ search: (old) => ({ ...old, query: words || undefined }), replace: true, resetScroll: false })
            }
          />
        </div>
        <div className="basis-48">
          <SelectField
            label={t("provider")}
            value={provider ?? ""}
            onChange={(event) =>
              navigate({
                search: (old) => ({ ...old, provider: providers.find((each) => each === event.target.value) }),
                replace: true,
                resetScroll: false,
              })
            }
            options={[
              { value: "", label: t("both") },
              ...providers.map((each) => ({ value: each, label: providerName(each, word) })),
            ]}
          />
        </div>
      </div>
      <Card flush>
        <RefetchBar active={codes.isFetching && found !== undefined} />
        {codes.error && !found ? (
          <FailedLoad title={t("failed")} problem={asProblem(codes.error)} query={codes} />
        ) : !found ? (
          <div className="p-4">
            <Skeleton height="40rem" />
          </div>
        ) : found.length === 0 ? (
          <EmptyState
            title={t("noneTitle")}
            action={<Button onClick={() => navigate({ search: {}, replace: true })}>{t("clear")}</Button>}
          >
            {t("none")}
          </EmptyState>
        ) : (
          <>
            <ul className="divide-y divide-line">
              {found.map((code) => (
                <li key={`${code.provider}-${code.code}`}>
                  <CodeEntry code={code} />
                </li>
              ))}
            </ul>
            <div className="border-line border-t px-4 py-2">
              <LoadMore
                hasMore={codes.hasNextPage}
                loading={codes.isFetchingNextPage}
                failed={codes.isFetchNextPageError}
                shown={found.length}
                onLoad={() => codes.fetchNextPage()}
              />
            </div>
          </>
        )}
      </Card>
    </Page>
  );
}
