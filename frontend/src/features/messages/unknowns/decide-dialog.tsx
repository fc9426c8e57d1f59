import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { UnknownDecision } from "../../../api/schema.gen";
import { useProblemText } from "../../../domain/problem-text";
import { inOrder } from "../../../lib/in-order";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { TextArea } from "../../../ui/field";
import { Notice } from "../../../ui/notice";
import { RadioCards } from "../../../ui/radio-cards";
import { useToast } from "../../../ui/toast";
import { useDecide } from "./queries";

const order: Record<UnknownDecision, number> = { accepted: 1, failed: 2, resend: 3 };
const decisions = inOrder(order);
const LONGEST_REASON = 500;

/** Asks what became of messages of which nobody knows, and keeps the answer. */
export function DecideDialog({
  ids,
  initial,
  onClose,
}: {
  ids: readonly string[];
  initial?: UnknownDecision | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("messages");
  const { t: tu } = useTranslation("ui");
  const form = useId();
  const toast = useToast();
  const problemText = useProblemText();
  const decide = useDecide();
  const [decision, setDecision] = useState(initial);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const count = ids.length;
  const problem = decide.error ? asProblem(decide.error) : undefined;
  const atReason = problem?.errors.find(({ field }) => field === "reason")?.message;
  const tooLong = Array.from(reason.trim()).length > LONGEST_REASON ? t("decide.tooLong") : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    // React passes events of a dialog on to the form its element stands in.
    event.stopPropagation();
    setTried(true);
    if (!decision || tooLong || decide.isPending) {
      return;
    }
    decide.mutate(
      { ids, decision, reason },
      {
        onSuccess: ({ decided, left_out }) => {
          toast.ok(t(`decide.done.${decision}`, { count: decided }));
          if (left_out.length > 0) {
            toast.failed(t("decide.leftOut", { count: left_out.length }), t("decide.leftOutWhy"));
          }
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={t("decide.title", { count })}
      description={t("decide.lead")}
      footer={
        <>
          <Button onClick={onClose}>{tu("cancel")}</Button>
          <Button type="submit" form={form} look={decision === "resend" ? "danger" : "primary"} busy={decide.isPending}>
            {t(decision ? `decide.confirm.${decision}` : "decide.confirm.none")}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className="grid gap-4">
        <RadioCards
          legend={t("decide.legend")}
          name="decision"
          value={decision}
          onChange={setDecision}
          error={tried && !decision ? t("decide.choose") : undefined}
          options={decisions.map((value) => ({
            value,
            label: t(`decide.option.${value}`),
            description: t(`decide.means.${value}`, { count }),
          }))}
        />
        {decision === "resend" ? (
          <Notice tone="warn" title={t("decide.twice", { count })}>
            {t("decide.twiceWhy")}
          </Notice>
        ) : null}
        <TextArea
          label={t("decide.reason")}
          help={t("decide.reasonHelp")}
          optional
          counter={{ max: LONGEST_REASON }}
          error={atReason ?? tooLong}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {problem && !atReason ? (
          <Notice tone="bad" title={t("decide.failed")}>
            {problem.code === "message_not_unknown" ? t("decide.settled") : problemText(problem)}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
