import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheckBig, Lock } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../../api/channels";
import { asProblem } from "../../../api/problem";
import type { DeadLetterGroup, DeadLetterGroups } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { useProblemText } from "../../../domain/problem-text";
import { Card } from "../../../ui/card";
import { Confirm } from "../../../ui/dialog";
import { SelectField } from "../../../ui/field";
import { Notice } from "../../../ui/notice";
import { Page } from "../../../ui/page";
import { RetryNotice } from "../../../ui/retry-notice";
import { EmptyState, RefetchBar, Skeleton } from "../../../ui/state";
import { failOverOf, keyOf, meantBy, retryOf } from "../dead-letters/group";
import { GroupCard } from "../dead-letters/group-card";
import { type Outcome, OutcomeNotice } from "../dead-letters/outcome";
import { deadLettersQuery, useFailOverMany, useRetryMany, useRetryNewest } from "../dead-letters/queries";
import { spans } from "../dead-letters/search";

const from = "/w/$workspace/dead-letters";
const USUAL = 30;

/** What failed and expired, by its reason. */
export function DeadLettersPage() {
  const { t } = useTranslation("messages");
  const workspace = useWorkspace();
  return (
    <Page title={t("dead.title")} description={t("dead.lead")}>
      {workspace.can("messages:read") ? (
        <Reasons />
      ) : (
        <Card>
          <EmptyState icon={<Lock />} title={t("hidden.title")}>
            {t("hidden.why")}
          </EmptyState>
        </Card>
      )}
    </Page>
  );
}

function Reasons() {
  const { t } = useTranslation("messages");
  const { id: workspace } = useWorkspace();
  const { days = USUAL } = useSearch({ from });
  const navigate = useNavigate({ from });
  const query = useQuery(deadLettersQuery(workspace, days));
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: the shortcut for the filters and older screen readers look for the role. */}
      <form role="search" aria-label={t("filter.label")} className="grid max-w-64">
        <SelectField
          label={t("dead.since")}
          value={String(days)}
          onChange={({ currentTarget: { value } }) =>
            void navigate({
              search: { days: spans.find((span) => String(span) === value) },
              replace: true,
              resetScroll: false,
            })
          }
          options={spans.map((span) => ({ value: String(span), label: t("dead.span", { count: span }) }))}
        />
      </form>
      {query.isPending ? (
        <Skeleton height="20rem" />
      ) : query.data ? (
        <>
          {query.isError ? <RetryNotice title={t("dead.stale")} query={query} /> : null}
          <div className="relative grid gap-4">
            <RefetchBar active={query.isRefetching} />
            <Groups groups={query.data} days={days} />
          </div>
        </>
      ) : (
        <FailedLoad title={t("dead.failed")} problem={asProblem(query.error)} query={query} />
      )}
    </>
  );
}

interface Asked {
  what: "retry" | "failOver";
  group: DeadLetterGroup;
}

function Groups({ groups, days }: { groups: DeadLetterGroups; days: number }) {
  const { t } = useTranslation(["messages", "domain"]);
  const workspace = useWorkspace();
  const channels = useQuery(channelsQuery(workspace.id)).data ?? [];
  const problemText = useProblemText();
  const [asked, setAsked] = useState<Asked>();
  const [outcome, setOutcome] = useState<Outcome>();
  const newest = useRetryNewest();
  const problem = newest.error ? asProblem(newest.error) : undefined;

  const otherThan = (group: DeadLetterGroup) => {
    const other = channels.find(({ provider }) => provider !== group.provider);
    return other && t(`domain:provider.${other.provider}`);
  };

  function tryOne(group: DeadLetterGroup) {
    setOutcome(undefined);
    newest.mutate(group, {
      onSuccess: (told) =>
        setOutcome({
          kind: "retried",
          told: told ?? { requeued: 0, left_out: [{ reason: "not_found", count: 1 }] },
          message: told?.message,
        }),
    });
  }

  return (
    <>
      {outcome ? <OutcomeNotice outcome={outcome} /> : null}
      {problem ? (
        <Notice tone="bad" title={t("dead.notDone")}>
          {problemText(problem)}
        </Notice>
      ) : null}
      {groups.data.length === 0 ? (
        <Card>
          <EmptyState icon={<CircleCheckBig />} title={t("dead.empty.title", { count: days })}>
            {t("dead.empty.why")}{" "}
            <Link to="/w/$workspace/unknowns" params={{ workspace: workspace.id }} className="link">
              {t("dead.empty.unknowns")}
            </Link>
          </EmptyState>
        </Card>
      ) : (
        <ul aria-label={t("dead.title")} className="grid gap-4">
          {groups.data.map((group) => (
            <li key={keyOf(group)}>
              <GroupCard
                group={group}
                other={otherThan(group)}
                trying={newest.isPending && keyOf(newest.variables) === keyOf(group)}
                onTry={() => tryOne(group)}
                onRetry={() => setAsked({ what: "retry", group })}
                onFailOver={() => setAsked({ what: "failOver", group })}
              />
            </li>
          ))}
        </ul>
      )}
      {asked ? (
        <Ask
          asked={asked}
          groups={groups}
          provider={otherThan(asked.group) ?? ""}
          onDone={(told) => {
            newest.reset();
            setOutcome(told);
            setAsked(undefined);
          }}
          onCancel={() => setAsked(undefined)}
        />
      ) : null}
    </>
  );
}

/** Asks before a whole reason is sent again, with how many messages that means. */
function Ask({
  asked: { what, group },
  groups,
  provider,
  onDone,
  onCancel,
}: {
  asked: Asked;
  groups: DeadLetterGroups;
  provider: string;
  onDone: (outcome: Outcome) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation(["messages", "domain"]);
  const problemText = useProblemText();
  const retry = useRetryMany();
  const failOver = useFailOverMany();
  const error = retry.error ?? failOver.error;
  const reason = t(`domain:failure.${group.failure_code}.title`);
  const channel = group.channel_name;
  const count = meantBy(what === "retry" ? group : { ...group, provider_code: null }, groups.data);

  function confirm() {
    if (what === "retry") {
      retry.mutate(retryOf(group, groups.since), { onSuccess: (told) => onDone({ kind: "retried", told }) });
    } else {
      failOver.mutate(failOverOf(group), { onSuccess: (told) => onDone({ kind: "moved", told, provider }) });
    }
  }

  return (
    <Confirm
      open
      title={what === "retry" ? t("dead.ask.retry", { count }) : t("dead.ask.failOver", { count, provider })}
      body={
        <span className="grid gap-2">
          <span>{t("dead.ask.what", { reason, channel })}</span>
          {what === "failOver" ? (
            <span>{t("dead.ask.whatever")}</span>
          ) : group.provider_code ? (
            <span>{t("dead.ask.code", { code: group.provider_code })}</span>
          ) : null}
          {what === "failOver" ? (
            <span>{t("dead.ask.ready")}</span>
          ) : group.retry_helps ? null : (
            <span>{t("dead.helpsNot")}</span>
          )}
        </span>
      }
      confirmLabel={what === "retry" ? t("dead.ask.retryNow", { count }) : t("dead.failOver", { provider })}
      busy={retry.isPending || failOver.isPending}
      error={error ? problemText(asProblem(error)) : undefined}
      onConfirm={confirm}
      onCancel={onCancel}
    />
  );
}
