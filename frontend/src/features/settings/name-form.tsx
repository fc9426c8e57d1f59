import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { useProblemText } from "../../domain/problem-text";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { useUnsavedPart } from "./unsaved-parts";

const LONGEST = 80;

interface NameFormProps {
  /** What is stored. When it changes elsewhere, an untouched form follows; a half-written one stays. */
  name: string;
  label: string;
  help?: string;
  autoComplete: string;
  saveLabel: string;
  failedTitle: string;
  save: (name: string) => Promise<unknown>;
}

/** One name with its button. */
export function NameForm({ name, label, help, autoComplete, saveLabel, failedTitle, save }: NameFormProps) {
  const { t } = useTranslation("settings");
  const problemText = useProblemText();
  const { register, handleSubmit, setError, setValue, getValues, reset, formState } = useForm({
    values: { name },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty, isSubmitting } = formState;
  useUnsavedPart(isDirty);

  async function submit(values: { name: string }) {
    const wanted = values.name.trim();
    try {
      await save(wanted);
      const now = getValues("name");
      reset({ name: wanted });
      if (now !== values.name) {
        // Typed on while it was on its way.
        setValue("name", now, { shouldDirty: true });
      }
    } catch (error) {
      const problem = asProblem(error);
      const complaint = problem.errors.find(({ field }) => field === "name");
      if (complaint) {
        setError("name", { type: complaint.code, message: complaint.message }, { shouldFocus: true });
      } else {
        setError("root", { type: problem.code, message: problemText(problem) });
      }
    }
  }

  const texts: Partial<Record<string, string>> = {
    required: t("error.required"),
    too_long: t("error.nameLong", { count: LONGEST }),
  };
  return (
    <form noValidate onSubmit={handleSubmit(submit)} className="grid max-w-md gap-3">
      {errors.root ? (
        <Notice tone="bad" title={failedTitle}>
          {errors.root.message}
        </Notice>
      ) : null}
      <TextField
        label={label}
        help={help}
        autoComplete={autoComplete}
        error={errors.name && (texts[errors.name.type] ?? errors.name.message)}
        {...register("name", {
          validate: {
            required: (value) => value.trim() !== "",
            too_long: (value) => Array.from(value.trim()).length <= LONGEST,
          },
        })}
      />
      <div>
        <Button type="submit" disabled={!isDirty} busy={isSubmitting}>
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}
