import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { useProblemText } from "../../domain/problem-text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { useToast } from "../../ui/toast";
import { useChangeLimits } from "./queries";

const FORM = "people-per-day";

/** Asks how many people the account may write to first in a day; nothing leaves it to the provider. */
export function PeopleDialog({
  channel,
  people,
  onClose,
}: {
  channel: string;
  /** What was set by hand. */
  people: number | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation(["delivery", "shell"]);
  const problemText = useProblemText();
  const toast = useToast();
  const save = useChangeLimits(channel);
  const [count, setCount] = useState(people === undefined ? "" : String(people));
  const [asked, setAsked] = useState(false);
  const typed = count.trim();
  const fits = typed === "" || (/^\d+$/.test(typed) && Number(typed) >= 1);
  const problem = save.error ? asProblem(save.error) : undefined;
  const complaint = problem?.errors.find(({ field }) => field === "people_per_day")?.message;

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (!fits) {
      return;
    }
    save.mutate(
      { people_per_day: typed === "" ? null : Number(typed) },
      {
        onSuccess: () => {
          toast.ok(t(typed === "" ? "people.removed" : "people.saved"));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      open
      onClose={save.isPending ? () => {} : onClose}
      title={t("people.title")}
      description={t("people.lead")}
      footer={
        <>
          <Button onClick={onClose} disabled={save.isPending}>
            {t("shell:action.cancel")}
          </Button>
          <Button look="primary" type="submit" form={FORM} busy={save.isPending}>
            {t("people.save")}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="grid gap-4">
        {problem && !complaint ? (
          <Notice tone="bad" title={t("people.failedTitle")}>
            {problemText(problem)}
          </Notice>
        ) : null}
        <TextField
          label={t("people.count")}
          help={t("people.help")}
          error={asked && !fits ? t("people.range") : complaint}
          optional
          inputMode="numeric"
          autoComplete="off"
          value={count}
          onChange={(event) => setCount(event.currentTarget.value)}
        />
      </form>
    </Dialog>
  );
}
