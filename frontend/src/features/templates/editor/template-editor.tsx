import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { TemplateDefinition } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { useProblemText } from "../../../domain/problem-text";
import { requestName } from "../../../lib/request-name";
import { useSettled } from "../../../lib/use-settled";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { SelectField, TextField } from "../../../ui/field";
import { Notice } from "../../../ui/notice";
import { RetryNotice } from "../../../ui/retry-notice";
import { useToast } from "../../../ui/toast";
import { UnderWayProvider } from "../../../ui/under-way";
import { useUnsavedGuard } from "../../../ui/unsaved";
import { ProviderForms } from "../provider-forms";
import { previewQuery, useSaveTemplate } from "../queries";
import { TemplatePhone } from "../template-phone";
import { ViolationList } from "../violation-list";
import { categories } from "../words";
import { CodeFields } from "./code-fields";
import { sentOf } from "./definition";
import { PlainFields } from "./plain-fields";

/** Long enough to type a word without a request for each letter. */
const DEBOUNCE_MS = 400;

/** A template being written: its form, the rules it breaks where it does, and how it looks meanwhile. */
export function TemplateEditor({
  template,
  initial,
}: {
  /** The template that is changed; absent for one that is made. */
  template?: string | undefined;
  initial: TemplateDefinition;
}) {
  const { t } = useTranslation("templates");
  const { id: workspace } = useWorkspace();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const toast = useToast();
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  const dirty = draft !== initial;
  const [uploads, setUploads] = useState(0);
  const begin = useCallback(() => {
    setUploads((n) => n + 1);
    return () => setUploads((n) => n - 1);
  }, []);
  const waits = uploads > 0;
  const saved = useUnsavedGuard(dirty || waits);
  const save = useSaveTemplate();
  const attempt = useRef(requestName());

  const settled = useSettled(draft, DEBOUNCE_MS);
  const preview = useQuery(previewQuery(workspace, sentOf(settled)));
  const refused = preview.isError ? asProblem(preview.error) : undefined;
  const problem = save.error ? asProblem(save.error) : undefined;
  // Nobody is told of a form's empty fields before they have written something.
  const violations = dirty || tried ? [...(refused?.errors ?? []), ...(preview.data?.violations ?? [])] : [];
  const faults = new Map([...violations, ...(problem?.errors ?? [])].map(({ field, message }) => [field, message]));
  const faultAt = (field: string) => faults.get(field);

  function change(to: TemplateDefinition) {
    setDraft(to);
    if (save.error) {
      save.reset();
    }
    // What is changed is another request.
    attempt.current = requestName();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (save.isPending || waits) {
      return;
    }
    save.mutate(
      { template, body: sentOf(draft), attempt: attempt.current },
      {
        onSuccess: ({ id, name }) => {
          toast.ok(t("editor.saved", { name }));
          saved();
          void navigate({ to: "/w/$workspace/templates/$template", params: { workspace, template: id } });
        },
      },
    );
  }

  const isCode = draft.category === "authentication";
  return (
    <div className="grid gap-5">
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22.5rem]">
        <form noValidate onSubmit={submit}>
          <Card
            footer={
              <>
                <Button type="submit" look="primary" busy={save.isPending || waits}>
                  {t("editor.save")}
                </Button>
                {waits ? <span className="text-ink-soft text-xs">{t("editor.uploading")}</span> : null}
              </>
            }
          >
            <div className="grid gap-5">
              <div className="grid items-start gap-5 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
                <TextField
                  label={t("column.name")}
                  help={t(template ? "editor.fixed" : "editor.nameHelp")}
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  placeholder="order_shipped"
                  readOnly={template !== undefined}
                  value={draft.name}
                  error={faultAt("name")}
                  onChange={(event) => change({ ...draft, name: event.currentTarget.value })}
                />
                <TextField
                  label={t("column.language")}
                  help={t("editor.languageHelp")}
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  placeholder="en_GB"
                  readOnly={template !== undefined}
                  value={draft.language}
                  error={faultAt("language")}
                  onChange={(event) => change({ ...draft, language: event.currentTarget.value })}
                />
              </div>
              <SelectField
                label={t("column.category")}
                help={t(`categoryHelp.${draft.category}`)}
                value={draft.category}
                error={faultAt("category")}
                options={categories.map((category) => ({ value: category, label: t(`category.${category}`) }))}
                onChange={(event) => {
                  const category = categories.find((one) => one === event.currentTarget.value);
                  if (category) {
                    change({ ...draft, category });
                  }
                }}
              />
              {isCode ? <CodeFields draft={draft} faultAt={faultAt} onChange={change} /> : null}
              {isCode && !waits ? null : (
                // Whoever turns to another category meanwhile does not lose the file.
                <div hidden={isCode} className={isCode ? undefined : "contents"}>
                  <UnderWayProvider begin={begin}>
                    <PlainFields draft={draft} faultAt={faultAt} onChange={change} />
                  </UnderWayProvider>
                </div>
              )}
              <TextField
                label={t("editor.ttl")}
                help={t("editor.ttlHelp")}
                type="number"
                optional
                value={draft.message_send_ttl_seconds ?? ""}
                error={faultAt("message_send_ttl_seconds")}
                onChange={({ currentTarget: { value } }) =>
                  change({ ...draft, message_send_ttl_seconds: value === "" ? null : Number(value) })
                }
              />
              {problem ? (
                <Notice tone="bad" title={t("editor.failed")}>
                  {problemText(problem)}
                </Notice>
              ) : null}
            </div>
          </Card>
        </form>
        <div className="grid gap-4 lg:sticky lg:top-5">
          <TemplatePhone bubble={preview.data?.bubble} />
          {refused && refused.errors.length === 0 ? (
            <RetryNotice title={t("preview.failed")} query={preview}>
              {problemText(refused)}
            </RetryNotice>
          ) : null}
          <ViolationList of={violations} />
        </div>
      </div>
      {preview.data ? <ProviderForms preview={preview.data} /> : null}
    </div>
  );
}
