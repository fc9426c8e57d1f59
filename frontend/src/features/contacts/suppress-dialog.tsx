import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { SuppressionScope } from "../../api/schema.gen";
import { useProblemText } from "../../domain/problem-text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { RadioCards } from "../../ui/radio-cards";
import { useToast } from "../../ui/toast";
import { personOf } from "./person";
import { useSuppress } from "./queries";
import { scopes } from "./search";

const FORM = "suppress";
const LONGEST_NOTE = 255;

/** Asks whom and what of, says what follows from it, and does it when that is confirmed. */
export function SuppressDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["contacts", "shell"]);
  const problemText = useProblemText();
  const toast = useToast();
  const suppress = useSuppress();
  const [person, setPerson] = useState("");
  const [scope, setScope] = useState<SuppressionScope>("all");
  const [note, setNote] = useState("");
  const [asked, setAsked] = useState(false);
  const [sure, setSure] = useState(false);
  const problem = suppress.error ? asProblem(suppress.error) : undefined;
  const said = (field: string) => problem?.errors.find((each) => each.field === field)?.message;
  const elsewhere = problem && !said("person") && !said("detail");
  const missing = person.trim() === "";
  const tooLong = Array.from(note.trim()).length > LONGEST_NOTE;

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (missing || tooLong) {
      return;
    }
    if (!sure) {
      suppress.reset();
      setSure(true);
      return;
    }
    const detail = note.trim();
    suppress.mutate(
      { person: personOf(person), scope, ...(detail && { detail }) },
      {
        onSuccess: (made) => {
          toast.ok(t("suppress.done", { person: made.name ?? made.person }));
          onClose();
        },
        onError: () => setSure(false),
      },
    );
  }

  return (
    <Dialog
      open
      onClose={suppress.isPending ? () => {} : onClose}
      title={sure ? t("suppress.sureTitle", { person: person.trim() }) : t("suppress.title")}
      footer={
        <>
          {sure ? (
            <Button onClick={() => setSure(false)} disabled={suppress.isPending}>
              {t("suppress.back")}
            </Button>
          ) : (
            <Button onClick={onClose}>{t("shell:action.cancel")}</Button>
          )}
          <Button look={sure ? "danger" : "primary"} type="submit" form={FORM} busy={suppress.isPending}>
            {t(sure ? "suppress.confirm" : "suppress.next")}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="grid gap-4">
        {elsewhere ? (
          <Notice tone="bad" title={t("suppress.failedTitle")}>
            {problemText(problem)}
          </Notice>
        ) : null}
        {sure ? (
          <p role="status" className="text-ink-soft text-sm">
            {t(`suppress.sure.${scope}`)} {t("suppress.undo")}
          </p>
        ) : (
          <>
            <TextField
              label={t("suppress.person")}
              help={t("suppress.personHelp")}
              error={asked && missing ? t("suppress.personMissing") : said("person")}
              inputMode="tel"
              autoComplete="off"
              spellCheck={false}
              value={person}
              onChange={(event) => setPerson(event.currentTarget.value)}
            />
            <RadioCards
              legend={t("suppress.scope")}
              name="scope"
              value={scope}
              onChange={setScope}
              options={scopes.map((each) => ({
                value: each,
                label: t(`scope.${each}`),
                description: t(`scopeHelp.${each}`),
              }))}
            />
            <TextField
              label={t("suppress.note")}
              help={t("suppress.noteHelp")}
              error={asked && tooLong ? t("suppress.noteLong", { count: LONGEST_NOTE }) : said("detail")}
              optional
              autoComplete="off"
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          </>
        )}
      </form>
    </Dialog>
  );
}
