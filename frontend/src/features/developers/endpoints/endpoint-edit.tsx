import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { WebhookEndpointView } from "../../../api/schema.gen";
import { useProblemText } from "../../../domain/problem-text";
import { Button } from "../../../ui/button";
import { Notice } from "../../../ui/notice";
import { useToast } from "../../../ui/toast";
import { useUnsavedGuard } from "../../../ui/unsaved";
import { EndpointFields, type EndpointValues, kindsOf } from "./endpoint-fields";
import { useChangeEndpoint } from "./queries";
import { useEndpointFaults } from "./use-endpoint-faults";

function valuesOf({ url, description, event_types: kinds }: WebhookEndpointView): EndpointValues {
  return { url, description, all: kinds.length === 0, kinds };
}

const wishOf = (values: EndpointValues) => ({
  url: values.url.trim(),
  description: values.description.trim(),
  event_types: kindsOf(values),
});

/** Changes where the endpoint is and of what it is told. What is typed stays when the endpoint is read again. */
export function EndpointEdit({ endpoint }: { endpoint: WebhookEndpointView }) {
  const { t } = useTranslation("webhook-endpoints");
  const problemText = useProblemText();
  const toast = useToast();
  const save = useChangeEndpoint(endpoint.id);
  const faultsIn = useEndpointFaults();
  const [changes, setChanges] = useState<Partial<EndpointValues>>({});
  const [asked, setAsked] = useState(false);
  const values = { ...valuesOf(endpoint), ...changes };
  const dirty = JSON.stringify(wishOf(values)) !== JSON.stringify(wishOf(valuesOf(endpoint)));
  useUnsavedGuard(dirty);
  const problem = save.error ? asProblem(save.error) : undefined;
  const before = faultsIn.before(values);
  const said = faultsIn.said(problem);

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (Object.keys(before).length > 0) {
      return;
    }
    const sent = changes;
    save.mutate(wishOf(values), {
      onSuccess: () => {
        // Typed on while it was on its way.
        setChanges((now) => (now === sent ? {} : now));
        toast.ok(t("edit.saved"));
      },
    });
  }

  return (
    <form noValidate aria-label={t("edit.title")} onSubmit={submit} className="grid max-w-3xl gap-5">
      {problem && Object.keys(said).length === 0 ? (
        <Notice tone="bad" title={t("edit.failedTitle")}>
          {problemText(problem)}
        </Notice>
      ) : null}
      <EndpointFields
        values={values}
        faults={{ ...said, ...(asked ? before : {}) }}
        onChange={(change) => setChanges((old) => ({ ...old, ...change }))}
      />
      <div>
        <Button type="submit" disabled={!dirty} busy={save.isPending}>
          {t("edit.save")}
        </Button>
      </div>
    </form>
  );
}
