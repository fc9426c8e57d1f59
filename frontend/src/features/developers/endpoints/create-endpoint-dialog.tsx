import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { CreatedWebhookEndpoint, NewWebhookEndpoint } from "../../../api/schema.gen";
import { useProblemText } from "../../../domain/problem-text";
import { requestName } from "../../../lib/request-name";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Notice } from "../../../ui/notice";
import { EndpointFields, type EndpointValues, kindsOf } from "./endpoint-fields";
import { useCreateEndpoint } from "./queries";
import { useEndpointFaults } from "./use-endpoint-faults";

const FORM = "create-webhook-endpoint";

/** Asks where webhooks go and makes the endpoint; whoever opened it shows the secret. */
export function CreateEndpointDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (created: CreatedWebhookEndpoint) => void;
}) {
  const { t } = useTranslation(["webhook-endpoints", "shell"]);
  const problemText = useProblemText();
  const create = useCreateEndpoint();
  const faultsIn = useEndpointFaults();
  const [values, setValues] = useState<EndpointValues>({ url: "", description: "", all: true, kinds: [] });
  const [asked, setAsked] = useState(false);
  // The same content is the same request however often it is sent; other content is another.
  const attempt = useRef<{ content: string; name: string }>(undefined);
  const problem = create.error ? asProblem(create.error) : undefined;
  const before = faultsIn.before(values);
  const said = faultsIn.said(problem);

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (Object.keys(before).length > 0) {
      return;
    }
    const description = values.description.trim();
    const kinds = kindsOf(values);
    const body: NewWebhookEndpoint = {
      url: values.url.trim(),
      ...(description && { description }),
      ...(kinds.length > 0 && { event_types: kinds }),
    };
    const content = JSON.stringify(body);
    if (attempt.current?.content !== content) {
      attempt.current = { content, name: requestName() };
    }
    create.mutate({ body, attempt: attempt.current.name }, { onSuccess: onCreated });
  }

  return (
    <Dialog
      open
      size="wide"
      onClose={create.isPending ? () => {} : onClose}
      title={t("create.title")}
      description={t("create.lead")}
      footer={
        <>
          <Button onClick={onClose} disabled={create.isPending}>
            {t("shell:action.cancel")}
          </Button>
          <Button look="primary" type="submit" form={FORM} busy={create.isPending}>
            {t("create.submit")}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="grid gap-5">
        {problem && Object.keys(said).length === 0 ? (
          <Notice tone="bad" title={t("create.failedTitle")}>
            {problem.code === "idempotency_secret_gone" ? t("create.secretGone") : problemText(problem)}
          </Notice>
        ) : null}
        <EndpointFields
          values={values}
          faults={{ ...said, ...(asked ? before : {}) }}
          onChange={(change) => setValues((old) => ({ ...old, ...change }))}
        />
      </form>
    </Dialog>
  );
}
