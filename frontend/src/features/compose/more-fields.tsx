import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { FailoverMode } from "../../api/schema.gen";
import { inOrder } from "../../lib/in-order";
import { Details } from "../../ui/details";
import { Checkbox, SelectField, TextField } from "../../ui/field";
import { type ComposeValues, momentOf, takesTemplate } from "./values";

const modeOrder: Record<FailoverMode, number> = { off: 1, manual: 2, automatic: 3 };
const modes = inOrder(modeOrder);

/** What few messages need. */
export function MoreFields() {
  const { t } = useTranslation(["compose", "domain"]);
  const { register, formState, watch } = useFormContext<ComposeValues>();
  const { reference, sendAt, expires, replyTo, ignoreQuietHours, fallback, fallbackTemplate } = formState.errors;
  const wrong = reference ?? sendAt ?? expires ?? replyTo ?? ignoreQuietHours ?? fallback ?? fallbackTemplate;
  const [later, end, mode] = watch(["sendAt", "expires", "fallback"]);
  return (
    <Details summary={t("more.summary")} open={Boolean(wrong) || undefined}>
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <TextField
          label={t("more.sendAt")}
          help={
            <>
              {t("more.sendAtHelp")} <Utc local={later} />
            </>
          }
          optional
          type="datetime-local"
          error={sendAt?.message}
          {...register("sendAt")}
        />
        <TextField
          label={t("more.expires")}
          help={
            <>
              {t("more.expiresHelp")} <Utc local={end} />
            </>
          }
          optional
          type="datetime-local"
          error={expires?.message}
          {...register("expires")}
        />
        <div className="sm:col-span-2">
          <Checkbox
            label={t("more.ignoreQuietHours")}
            help={t("more.ignoreQuietHoursHelp")}
            error={ignoreQuietHours?.message}
            {...register("ignoreQuietHours")}
          />
        </div>
        <SelectField
          label={t("more.fallback")}
          help={t("more.fallbackHelp")}
          optional
          error={fallback?.message}
          {...register("fallback")}
          options={[
            { value: "", label: t("more.fallbackUsual") },
            ...modes.map((value) => ({ value, label: t(`domain:failoverMode.${value}`) })),
          ]}
        />
        {takesTemplate({ fallback: mode }) ? (
          <TextField
            label={t("more.fallbackTemplate")}
            help={t("more.fallbackTemplateHelp")}
            optional
            autoComplete="off"
            spellCheck={false}
            error={fallbackTemplate?.message}
            {...register("fallbackTemplate")}
          />
        ) : null}
        <TextField
          label={t("more.reference")}
          help={t("more.referenceHelp")}
          optional
          autoComplete="off"
          error={reference?.message}
          {...register("reference")}
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

/** A local time as the request has it. */
function Utc({ local }: { local: string }) {
  const { t } = useTranslation("compose");
  const moment = momentOf(local);
  return moment ? <span className="block font-mono">{t("more.utc", { moment })}</span> : null;
}
