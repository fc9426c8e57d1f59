import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Details } from "../../ui/details";
import { TextField } from "../../ui/field";
import type { ComposeValues } from "./values";

/** What few messages need. */
export function MoreFields() {
  const { t } = useTranslation("compose");
  const { register, formState } = useFormContext<ComposeValues>();
  const { reference, expires, replyTo } = formState.errors;
  return (
    <Details summary={t("more.summary")} open={Boolean(reference ?? expires ?? replyTo) || undefined}>
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <TextField
          label={t("more.reference")}
          help={t("more.referenceHelp")}
          optional
          autoComplete="off"
          error={reference?.message}
          {...register("reference")}
        />
        <TextField
          label={t("more.expires")}
          help={t("more.expiresHelp")}
          optional
          type="datetime-local"
          error={expires?.message}
          {...register("expires")}
        />
        <TextField
          label={t("reply.label")}
          help={t("reply.help")}
          optional
          autoComplete="off"
          spellCheck={false}
          error={replyTo?.message}
          {...register("replyTo")}
        />
      </div>
    </Details>
  );
}
