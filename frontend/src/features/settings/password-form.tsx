import { useId } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { PasswordChange } from "../../api/schema.gen";
import { useProblemText } from "../../domain/problem-text";
import { Button } from "../../ui/button";
import { SecretField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { useToast } from "../../ui/toast";
import { useChangePassword } from "./queries";
import { useUnsavedPart } from "./unsaved-parts";

const SHORTEST = 12;
const LONGEST = 200;
const empty: PasswordChange = { current_password: "", new_password: "" };

/** Puts a new password in the place of the one that is known. The e-mail address is there for password managers. */
export function PasswordForm({ email }: { email: string }) {
  const { t } = useTranslation("settings");
  const problemText = useProblemText();
  const id = useId();
  const toast = useToast();
  const change = useChangePassword();
  const { register, handleSubmit, setError, reset, getValues, formState } = useForm<PasswordChange>({
    defaultValues: empty,
  });
  const { errors, isDirty } = formState;
  useUnsavedPart(isDirty);

  async function submit(values: PasswordChange) {
    try {
      await change.mutateAsync(values);
      reset(empty);
      toast.ok(t("account.changed"));
    } catch (error) {
      const problem = asProblem(error);
      let placed = false;
      for (const { field, code, message } of problem.errors) {
        if (field === "current_password" || field === "new_password") {
          setError(field, { type: code, message }, { shouldFocus: !placed });
          placed = true;
        }
      }
      if (!placed) {
        const message =
          problem.code === "rate_limited"
            ? t("error.rateLimited", { seconds: problem.retryAfter ?? 60 })
            : problemText(problem);
        setError("root", { type: problem.code, message });
      }
    }
  }

  const texts: Partial<Record<string, string>> = {
    required: t("error.required"),
    wrong: t("error.wrong"),
    too_short: t("error.passwordShort", { count: SHORTEST }),
    too_long: t("error.passwordLong", { count: LONGEST }),
    too_weak: t("error.weak"),
    same: t("error.same"),
  };
  const textOf = (field: keyof PasswordChange) => {
    const error = errors[field];
    return error && (texts[error.type] ?? error.message);
  };
  const length = (password: string) => Array.from(password).length;

  return (
    <form
      noValidate
      onSubmit={handleSubmit(submit)}
      aria-labelledby={id}
      className="grid gap-4 border-line border-t pt-5"
    >
      <div className="grid gap-0.5">
        <h3 id={id} className="font-semibold text-sm">
          {t("account.passwordTitle")}
        </h3>
        <p className="text-ink-soft text-sm">{t("account.passwordLead")}</p>
      </div>
      {errors.root ? (
        <Notice tone="bad" title={t("account.changeFailedTitle")}>
          {errors.root.message}
        </Notice>
      ) : null}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <div className="grid max-w-md gap-4">
        <SecretField
          label={t("account.current")}
          autoComplete="current-password"
          trim={false}
          error={textOf("current_password")}
          {...register("current_password", { validate: { required: (value) => value !== "" } })}
        />
        <SecretField
          label={t("account.new")}
          help={t("account.newHelp", { count: SHORTEST })}
          autoComplete="new-password"
          trim={false}
          error={textOf("new_password")}
          {...register("new_password", {
            validate: {
              required: (value) => value !== "",
              too_short: (value) => length(value) >= SHORTEST,
              too_long: (value) => length(value) <= LONGEST,
              same: (value) => value !== getValues("current_password"),
            },
          })}
        />
      </div>
      <div>
        <Button type="submit" busy={change.isPending}>
          {t("account.change")}
        </Button>
      </div>
    </form>
  );
}
