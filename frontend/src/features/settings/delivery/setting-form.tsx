import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { useProblemText } from "../../../domain/problem-text";
import { Button } from "../../../ui/button";
import { Notice } from "../../../ui/notice";

/** One of the parts: its own fields, its own button, and beside it why it could not be saved. */
export function SettingForm({
  title,
  lead,
  dirty,
  busy,
  error,
  mayWrite,
  onSave,
  children,
}: {
  title: string;
  lead?: ReactNode | undefined;
  dirty: boolean;
  busy: boolean;
  error: Error | null;
  mayWrite: boolean;
  onSave: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation("delivery-settings");
  const problemText = useProblemText();
  const problem = error ? asProblem(error) : undefined;
  function submit(event: FormEvent) {
    event.preventDefault();
    onSave();
  }
  return (
    <form noValidate aria-label={title} onSubmit={submit} className="grid gap-3 py-5 first:pt-0 last:pb-0">
      <div className="grid gap-0.5">
        <h3 className="font-semibold text-sm">{title}</h3>
        {lead ? <p className="max-w-prose text-ink-soft text-sm">{lead}</p> : null}
      </div>
      {problem && problem.code !== "validation_failed" ? (
        <Notice tone="bad" title={t("failedTitle")}>
          {problemText(problem)}
        </Notice>
      ) : null}
      <fieldset disabled={!mayWrite} className="grid gap-4">
        {children}
      </fieldset>
      {mayWrite ? (
        <div>
          <Button type="submit" disabled={!dirty} busy={busy} aria-label={t("saveNamed", { part: title })}>
            {t("save")}
          </Button>
        </div>
      ) : null}
    </form>
  );
}
