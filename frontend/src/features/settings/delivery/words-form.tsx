import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type DeliveryWishes, useChangeDeliverySettings } from "../../../api/delivery-settings";
import type { SuppressionScope } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { TextArea } from "../../../ui/field";
import { RadioCards } from "../../../ui/radio-cards";
import { useToast } from "../../../ui/toast";
import { complaintAt, wordsOf } from "./faults";
import { SettingForm } from "./setting-form";
import { useDraft } from "./use-draft";

const scopes: readonly SuppressionScope[] = ["all", "marketing"];

const valuesOf = ({ optOut }: DeliveryWishes) => ({
  words: optOut.words.join("\n"),
  optInWords: optOut.opt_in_words.join("\n"),
  scope: optOut.scope,
});

/** The words by which people leave and come back. */
export function WordsForm({ wishes, mayWrite }: { wishes: DeliveryWishes; mayWrite: boolean }) {
  const { t } = useTranslation("delivery-settings");
  const workspace = useWorkspace();
  const toast = useToast();
  const save = useChangeDeliverySettings();
  const { draft, dirty, change, tidy } = useDraft(valuesOf(wishes));

  function submit() {
    save.mutate(
      {
        opt_out: { words: wordsOf(draft.words), opt_in_words: wordsOf(draft.optInWords), scope: draft.scope },
      },
      {
        onSuccess: (saved) => {
          // Blank lines and blanks around words are not kept.
          const { words, optInWords } = valuesOf(saved);
          tidy(draft, { words, optInWords });
          toast.ok(t("saved"));
        },
      },
    );
  }

  function errorAt(field: string): string | undefined {
    const complaint = complaintAt(save.error, field);
    return complaint?.place === undefined
      ? complaint?.message
      : t("words.atWord", { number: complaint.place + 1, message: complaint.message });
  }

  return (
    <SettingForm
      title={t("words.title")}
      lead={
        <>
          {t("words.lead")}{" "}
          <Link to="/w/$workspace/suppressions" params={{ workspace: workspace.id }} className="link">
            {t("words.toSuppressions")}
          </Link>
        </>
      }
      dirty={dirty}
      busy={save.isPending}
      error={save.error}
      mayWrite={mayWrite}
      onSave={submit}
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextArea
          label={t("words.out")}
          help={t("words.outHelp")}
          error={errorAt("opt_out.words")}
          rows={6}
          value={draft.words}
          onChange={(event) => change({ words: event.currentTarget.value })}
        />
        <TextArea
          label={t("words.in")}
          help={t("words.inHelp")}
          error={errorAt("opt_out.opt_in_words")}
          rows={6}
          value={draft.optInWords}
          onChange={(event) => change({ optInWords: event.currentTarget.value })}
        />
      </div>
      <RadioCards
        legend={t("words.scope")}
        name="opt-out-scope"
        value={draft.scope}
        onChange={(scope) => change({ scope })}
        columns={2}
        options={scopes.map((scope) => ({
          value: scope,
          label: t(`words.scopes.${scope}.label`),
          description: t(`words.scopes.${scope}.text`),
        }))}
      />
    </SettingForm>
  );
}
