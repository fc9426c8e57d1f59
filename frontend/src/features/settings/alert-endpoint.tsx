import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { AlertEndpointView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { useProblemText } from "../../domain/problem-text";
import { Button } from "../../ui/button";
import { CopyField } from "../../ui/copy";
import { TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import { alertEndpointQuery, useRemoveAlertEndpoint, useSetAlertEndpoint, useTestAlertEndpoint } from "./queries";
import { useUnsavedPart } from "./unsaved-parts";

/** Where the workspace's alerts are told, for those who may change it. */
export function AlertEndpoint() {
  const { t } = useTranslation("alerts");
  const workspace = useWorkspace();
  const endpoint = useQuery({ ...alertEndpointQuery(workspace.id), enabled: workspace.can("workspace:read") });
  if (!workspace.can("workspace:read")) {
    return null;
  }
  return (
    <section aria-label={t("endpoint.title")} className="grid gap-3 border-line border-t pt-4">
      <h3 className="font-semibold text-sm">{t("endpoint.title")}</h3>
      <p className="max-w-prose text-ink-soft text-sm">{t("endpoint.lead")}</p>
      {endpoint.data !== undefined ? (
        <Setting endpoint={endpoint.data} />
      ) : endpoint.error ? (
        <FailedLoad title={t("endpoint.failed")} problem={asProblem(endpoint.error)} query={endpoint} />
      ) : (
        <Skeleton lines={3} />
      )}
    </section>
  );
}

function Setting({ endpoint }: { endpoint: AlertEndpointView | null }) {
  const { t } = useTranslation("alerts");
  const workspace = useWorkspace();
  const problemText = useProblemText();
  const mayWrite = workspace.can("workspace:write");
  const [url, setUrl] = useState(endpoint?.url ?? "");
  const save = useSetAlertEndpoint();
  const remove = useRemoveAlertEndpoint();
  const check = useTestAlertEndpoint();
  useUnsavedPart(mayWrite && url.trim() !== (endpoint?.url ?? ""));
  const error = save.error ?? remove.error ?? check.error;
  const problem = error ? asProblem(error) : undefined;
  const atField = problem?.errors.find(({ field }) => field === "url");

  function submit(event: FormEvent) {
    event.preventDefault();
    forget(remove, check);
    save.mutate(url.trim());
  }

  function test() {
    forget(remove);
    forgetRefusal();
    check.mutate();
  }

  function takeAway() {
    forget(check);
    forgetRefusal();
    remove.mutate(undefined, {
      onSuccess: () => {
        setUrl("");
        save.reset();
      },
    });
  }

  /** What was saved stays: its secret is told once. */
  function forgetRefusal() {
    if (save.isError) {
      save.reset();
    }
  }

  return (
    <div className="grid max-w-xl gap-3">
      {mayWrite ? (
        <form noValidate onSubmit={submit} className="grid gap-3">
          <TextField
            label={t("endpoint.url")}
            help={t("endpoint.urlHelp")}
            error={atField?.message}
            type="url"
            autoComplete="off"
            spellCheck={false}
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" busy={save.isPending} disabled={url.trim() === "" || url.trim() === endpoint?.url}>
              {t("endpoint.save")}
            </Button>
            {endpoint ? (
              <>
                <Button busy={check.isPending} onClick={test}>
                  {t("endpoint.test")}
                </Button>
                <Button look="quiet" busy={remove.isPending} onClick={takeAway}>
                  {t("endpoint.remove")}
                </Button>
              </>
            ) : null}
          </div>
        </form>
      ) : (
        <p className="break-anywhere text-sm">{endpoint?.url ?? t("endpoint.unset")}</p>
      )}
      {problem && !atField ? (
        <Notice tone="bad" title={t("endpoint.notDone")}>
          {problemText(problem)}
        </Notice>
      ) : null}
      {check.data ? (
        <Notice
          tone={check.data.delivered ? "ok" : "bad"}
          title={t(check.data.delivered ? "endpoint.taken" : "endpoint.notTaken")}
        >
          {check.data.error}
        </Notice>
      ) : null}
      {save.data?.secret ? (
        <CopyField label={t("endpoint.secret")} value={save.data.secret} help={t("endpoint.secretOnce")} />
      ) : null}
      {endpoint?.last_failed_at && endpoint.last_error ? (
        <p className="break-anywhere text-bad text-sm">
          {t("endpoint.lastFailed")} <Time value={endpoint.last_failed_at} look="relative" />: {endpoint.last_error}
        </p>
      ) : endpoint?.last_delivered_at ? (
        <p className="text-ink-soft text-sm">
          {t("endpoint.lastDelivered")} <Time value={endpoint.last_delivered_at} look="relative" />
        </p>
      ) : null}
    </div>
  );
}

/** What was told of something else that was done before. */
function forget(...done: readonly { reset: () => void }[]) {
  for (const one of done) {
    one.reset();
  }
}
