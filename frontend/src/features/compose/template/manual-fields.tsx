import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Capabilities } from "../../../api/schema.gen";
import { providerName } from "../../../domain/provider";
import { Switch } from "../../../ui/choice";
import { TextField } from "../../../ui/field";
import type { ComposeValues } from "../values";
import { ButtonFields } from "./button-fields";
import { CardFields } from "./card-fields";
import { HeaderFields } from "./header-fields";
import { BodyFields, VariableFields } from "./value-fields";

/** A template that the gateway does not know: its name and every value by hand. */
export function ManualFields({ can }: { can: Capabilities | undefined }) {
  const { t } = useTranslation("compose");
  const { t: td } = useTranslation("domain");
  const { register, watch, formState } = useFormContext<ComposeValues>();
  const errors = formState.errors.template;
  const nameable = can?.templates.named_variables.supported ?? true;
  const named = nameable && watch("template.named");
  const stored = can?.templates.addressing === "content_sid";
  return (
    <div className="grid gap-5">
      <div className="grid items-start gap-5 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <TextField
          label={t("template.name")}
          help={t("template.nameHelp")}
          error={errors?.name?.message}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="order_shipped"
          {...register("template.name")}
        />
        <TextField
          label={t("template.language")}
          help={t("template.languageHelp")}
          error={errors?.language?.message}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="en_GB"
          {...register("template.language")}
        />
      </div>
      {stored ? (
        <TextField
          label={t("template.contentSid")}
          help={t("template.contentSidHelp", { provider: providerName(can.provider, td) })}
          error={errors?.contentSid?.message}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="HX…"
          {...register("template.contentSid")}
        />
      ) : null}
      <BodyFields at="template" named={named} most={can?.templates.max_variables.value} />
      {nameable ? (
        <Switch
          label={t("template.named")}
          help={t("template.namedHelp", { named: "{{first_name}}", numbered: "{{1}}" })}
          {...register("template.named")}
        />
      ) : (
        <p className="text-ink-soft text-xs">
          {t("template.unnamed", { provider: can ? providerName(can.provider, td) : "" })}
        </p>
      )}
      <HeaderFields at="template" named={named} />
      <ButtonFields at="template" most={can?.templates.max_buttons.value} />
      <CardFields named={named} limits={can?.templates} />
      <TextField
        label={t("template.offer")}
        help={t("template.offerHelp")}
        error={errors?.offer?.message}
        optional
        type="datetime-local"
        {...register("template.offer")}
      />
      {stored ? <VariableFields most={can.templates.max_variables.value} /> : null}
    </div>
  );
}
