import { KeyRound } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView, FieldDescriptor, SecretView } from "../../../api/schema.gen";
import { Button } from "../../../ui/button";
import { FieldHelp, SecretField } from "../../../ui/field";
import { Time } from "../../../ui/time";
import { secretNamed } from "../channel";
import { HelpWithPlace } from "./place";
import type { ChannelForm } from "./use-channel-form";

type SecretDescriptor = Extract<FieldDescriptor, { kind: "secret" }>;

/** A secret can be given and replaced, never read: one that is set shows when, and how it ends. */
export function SecretControl({
  field,
  channel,
  control,
  error,
}: {
  field: SecretDescriptor;
  channel: ChannelView | undefined;
  control: ChannelForm;
  error: string | undefined;
}) {
  const { t } = useTranslation("providers");
  const kept = channel && secretNamed(channel, field.name);
  const help = <HelpWithPlace help={field.help} place={field.where_to_find} field={field.name} />;
  if (kept?.set && !control.plans.replaced.has(field.name)) {
    return <KeptSecret field={field} kept={kept} control={control} />;
  }
  return (
    <SecretField
      label={field.label}
      optional={!field.required}
      error={error}
      help={
        kept?.set ? (
          <>
            {t("secret.emptyKeeps")} {help}
          </>
        ) : (
          help
        )
      }
      hint={
        kept?.set ? (
          <button type="button" className="link min-h-6" onClick={() => control.keepSecret(field.name)}>
            {t("secret.keep")}
          </button>
        ) : undefined
      }
      {...control.form.register(field.name, { onBlur: () => checkTyped(control, field.name) })}
    />
  );
}

function KeptSecret({ field, kept, control }: { field: SecretDescriptor; kept: SecretView; control: ChannelForm }) {
  const { t } = useTranslation("providers");
  const id = useId();
  const removed = control.plans.removed.has(field.name);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place for a label in a row with buttons.
    <div role="group" aria-labelledby={`${id}-label`} className="grid gap-1.5">
      <p id={`${id}-label`} className="font-medium text-sm">
        {field.label}
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-md border border-line bg-sunken py-1 ps-2.5 pe-1 text-sm">
        <span className="flex flex-1 basis-40 items-center gap-2 text-ink-soft">
          <KeyRound aria-hidden className="size-4 shrink-0" />
          <span className="break-anywhere">{removed ? t("secret.willGo") : <SecretState kept={kept} />}</span>
        </span>
        <span className="flex gap-1">
          {removed ? (
            <Button
              size="small"
              aria-label={t("secret.keepNamed", { field: field.label })}
              onClick={() => control.keepSecret(field.name)}
            >
              {t("secret.keep")}
            </Button>
          ) : (
            <>
              <Button
                size="small"
                aria-label={t("secret.replaceNamed", { field: field.label })}
                onClick={() => control.goTo(field.name)}
              >
                {t("secret.replace")}
              </Button>
              {field.required || field.generated ? null : (
                <Button
                  size="small"
                  look="quiet"
                  aria-label={t("secret.removeNamed", { field: field.label })}
                  onClick={() => control.removeSecret(field.name)}
                >
                  {t("secret.remove")}
                </Button>
              )}
            </>
          )}
        </span>
      </div>
      <FieldHelp id={`${id}-help`} help={field.help} />
    </div>
  );
}

/** "Set 3 May, ends in …9f2a" */
export function SecretState({ kept }: { kept: SecretView }) {
  const { t } = useTranslation("providers");
  if (!kept.set) {
    return <>{t("secret.unset")}</>;
  }
  return (
    <>
      {kept.set_at ? (
        <>
          {t("secret.setOn")} <Time value={kept.set_at} look="short" />
        </>
      ) : (
        t("secret.set")
      )}
      {kept.ends_with ? (
        <>
          {", "}
          {t("secret.endsIn")} <span className="font-mono">…{kept.ends_with}</span>
        </>
      ) : null}
    </>
  );
}

/** A mistyped value is told when its field is left; an empty one only on saving, and what the server said stays until it changes. */
export function checkTyped(control: ChannelForm, name: string): void {
  const { form } = control;
  if (form.getValues(name)?.trim() && form.getFieldState(name).error?.type !== "server") {
    void form.trigger(name);
  }
}
