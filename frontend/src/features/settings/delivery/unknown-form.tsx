import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type DeliveryWishes, useChangeDeliverySettings } from "../../../api/delivery-settings";
import type { UnknownPolicy } from "../../../api/schema.gen";
import { TextField } from "../../../ui/field";
import { RadioCards } from "../../../ui/radio-cards";
import { useToast } from "../../../ui/toast";
import { complaintAt } from "./faults";
import { SettingForm } from "./setting-form";
import { useDraft } from "./use-draft";

const policies: readonly UnknownPolicy[] = ["give_up", "resend"];
const SHORTEST = 5;
const LONGEST = 10_080;

/** What is done about messages of which nobody knows whether they were sent. */
export function UnknownForm({ wishes, mayWrite }: { wishes: DeliveryWishes; mayWrite: boolean }) {
  const { t } = useTranslation("delivery-settings");
  const toast = useToast();
  const save = useChangeDeliverySettings();
  const stored = {
    minutes: String(wishes.unknown.deadline_minutes),
    one_time_code: wishes.unknown.one_time_code,
  };
  const { draft, dirty, change, tidy } = useDraft(stored);
  const [asked, setAsked] = useState(false);
  const minutes = /^\d{1,6}$/.test(draft.minutes.trim()) ? Number(draft.minutes) : Number.NaN;
  const fits = minutes >= SHORTEST && minutes <= LONGEST;
  const complaint = complaintAt(save.error, "unknown.deadline_minutes")?.message;

  function submit() {
    setAsked(true);
    if (!fits) {
      return;
    }
    save.mutate(
      { unknown: { deadline_minutes: minutes, one_time_code: draft.one_time_code } },
      {
        onSuccess: () => {
          tidy(draft, { minutes: String(minutes) });
          toast.ok(t("saved"));
        },
      },
    );
  }

  return (
    <SettingForm
      title={t("unknown.title")}
      lead={t("unknown.lead")}
      dirty={dirty}
      busy={save.isPending}
      error={save.error}
      mayWrite={mayWrite}
      onSave={submit}
    >
      <div className="max-w-xs">
        <TextField
          label={t("unknown.deadline")}
          help={t("unknown.deadlineHelp")}
          error={asked && !fits ? t("unknown.deadlineRange", { least: SHORTEST, most: LONGEST }) : complaint}
          suffix={t("unknown.minutes")}
          inputMode="numeric"
          autoComplete="off"
          value={draft.minutes}
          onChange={(event) => change({ minutes: event.currentTarget.value })}
        />
      </div>
      <RadioCards
        legend={t("unknown.codes")}
        name="one-time-codes"
        value={draft.one_time_code}
        onChange={(one_time_code) => change({ one_time_code })}
        columns={2}
        options={policies.map((policy) => ({
          value: policy,
          label: t(`unknown.${policy}.label`),
          description: t(`unknown.${policy}.text`),
        }))}
      />
    </SettingForm>
  );
}
