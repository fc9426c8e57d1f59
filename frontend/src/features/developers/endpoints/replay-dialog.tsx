import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { useProblemText } from "../../../domain/problem-text";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { SelectField, TextField } from "../../../ui/field";
import { Notice } from "../../../ui/notice";
import { useToast } from "../../../ui/toast";
import { useReplayDeliveries } from "./queries";

const FORM = "replay-deliveries";
const choices = ["failed", "delivered", "both"] as const;
const DAY_MS = 86_400_000;

/** A moment as a `datetime-local` field writes it, in the reader's time zone. */
function written(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** Asks since when deliveries are sent once more; those that failed unless something else is wanted. */
export function ReplayDialog({ endpoint, onClose }: { endpoint: string; onClose: () => void }) {
  const { t } = useTranslation(["webhook-endpoints", "shell"]);
  const problemText = useProblemText();
  const toast = useToast();
  const replay = useReplayDeliveries(endpoint);
  const [since, setSince] = useState(() => written(new Date(Date.now() - DAY_MS)));
  const [which, setWhich] = useState<(typeof choices)[number]>("failed");
  const [asked, setAsked] = useState(false);
  const moment = new Date(since);
  const unreadable = Number.isNaN(moment.getTime());
  const problem = replay.error ? asProblem(replay.error) : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (unreadable) {
      return;
    }
    replay.mutate(
      { after: moment.toISOString(), states: which === "both" ? ["failed", "delivered"] : [which] },
      {
        onSuccess: ({ replayed }) => {
          toast.ok(t("replay.done", { count: replayed }));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      open
      onClose={replay.isPending ? () => {} : onClose}
      title={t("replay.title")}
      description={t("replay.lead")}
      footer={
        <>
          <Button onClick={onClose} disabled={replay.isPending}>
            {t("shell:action.cancel")}
          </Button>
          <Button look="primary" type="submit" form={FORM} busy={replay.isPending}>
            {t("replay.submit")}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="grid gap-4">
        {problem ? (
          <Notice tone="bad" title={t("replay.failedTitle")}>
            {problemText(problem)}
          </Notice>
        ) : null}
        <TextField
          label={t("replay.since")}
          help={t("replay.sinceHelp")}
          error={asked && unreadable ? t("replay.sinceMissing") : undefined}
          type="datetime-local"
          value={since}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
        <SelectField
          label={t("replay.which")}
          value={which}
          onChange={({ currentTarget: { value } }) => setWhich(choices.find((each) => each === value) ?? "failed")}
          options={choices.map((choice) => ({ value: choice, label: t(`replay.choice.${choice}`) }))}
        />
      </form>
    </Dialog>
  );
}
