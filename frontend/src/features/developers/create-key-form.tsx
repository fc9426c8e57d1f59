import { Check } from "lucide-react";
import { useId, useRef } from "react";
import { Controller, type FieldErrors, type FieldPath, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { CreatedApiKey, NewApiKey, Scope } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { useProblemText } from "../../domain/problem-text";
import { requestName } from "../../lib/request-name";
import { Button } from "../../ui/button";
import { CheckboxGroup, SelectField, TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import {
  type ExpiryChoice,
  expiryChoices,
  expiryOf,
  offeredScopes,
  presetOf,
  presets,
  scopesOf,
  scopeText,
} from "./api-key";
import { useCreateApiKey } from "./queries";

interface Values {
  name: string;
  scopes: Scope[];
  expires: ExpiryChoice;
  day: string;
}

interface CreateKeyFormProps {
  id: string;
  onBusy: (busy: boolean) => void;
  onCreated: (created: CreatedApiKey) => void;
}

export function CreateKeyForm({ id, onBusy, onCreated }: CreateKeyFormProps) {
  const { t } = useTranslation("developers");
  const problemText = useProblemText();
  const workspace = useWorkspace();
  const offered = offeredScopes(workspace.scopes, workspace.environment);
  const create = useCreateApiKey();
  const { register, control, handleSubmit, watch, setValue, setError, formState } = useForm<Values>({
    defaultValues: { name: "", scopes: scopesOf("send", offered), expires: "never", day: "" },
  });
  const { errors } = formState;
  const [expires, scopes] = watch(["expires", "scopes"]);
  const chosen = presetOf(scopes, offered);
  const presetsId = useId();
  // The same content is the same request however often it is sent; other content is another.
  const attempt = useRef<{ content: string; request: { body: NewApiKey; attempt: string } }>(undefined);
  const form = useRef<HTMLFormElement>(null);

  function requestOf(values: Values): { body: NewApiKey; attempt: string } {
    const content = JSON.stringify(values);
    if (attempt.current?.content !== content) {
      const { name, scopes, expires, day } = values;
      const expiresAt = expiryOf(expires, day, Date.now());
      const body = { name: name.trim(), scopes, ...(expiresAt ? { expires_at: expiresAt } : {}) };
      attempt.current = { content, request: { body, attempt: requestName() } };
    }
    return attempt.current.request;
  }

  async function submit(values: Values) {
    onBusy(true);
    try {
      onCreated(await create.mutateAsync(requestOf(values)));
    } catch (error) {
      let first = true;
      for (const { field, code, message } of asProblem(error).errors) {
        const at = fieldOf(field, values.expires);
        if (at) {
          setError(at, { type: code, message }, { shouldFocus: first });
          first = false;
        }
      }
    } finally {
      onBusy(false);
    }
  }

  function refused(wrong: FieldErrors<Values>) {
    // The library puts the focus on fields it knows; the boxes are a group of many.
    if (wrong.scopes && !wrong.name) {
      form.current?.querySelector<HTMLElement>('input[type="checkbox"]')?.focus();
    }
  }

  function textOf(at: keyof Values): string | undefined {
    const error = errors[at];
    if (!error) {
      return undefined;
    }
    switch (`${at}.${error.type}`) {
      case "name.required":
        return t("create.error.name.required");
      case "name.too_long":
        return t("create.error.name.tooLong");
      case "scopes.required":
        return t("create.error.scopes.required");
      case "scopes.not_yours":
        return t("create.error.scopes.notYours");
      case "day.required":
        return t("create.error.day.required");
      case "day.past":
      case "day.invalid_value":
        return t("create.error.day.past");
      default:
        return error.message;
    }
  }

  const problem = create.error ? asProblem(create.error) : undefined;
  return (
    <form ref={form} id={id} noValidate onSubmit={handleSubmit(submit, refused)} className="grid gap-5">
      {problem && problem.code !== "validation_failed" ? (
        <Notice tone="bad" title={t("create.failedTitle")}>
          {problem.code === "idempotency_secret_gone"
            ? t("create.secretGone")
            : problem.code === "rate_limited"
              ? t("create.rateLimited")
              : problemText(problem)}
        </Notice>
      ) : null}
      <TextField
        label={t("create.name")}
        help={t("create.nameHelp")}
        autoComplete="off"
        error={textOf("name")}
        {...register("name", {
          validate: {
            required: (name) => name.trim() !== "",
            too_long: (name) => Array.from(name.trim()).length <= 80,
          },
        })}
      />
      <div className="grid gap-3">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a second list of choices. */}
        <div role="group" aria-labelledby={presetsId} className="flex flex-wrap items-center gap-2">
          <span id={presetsId} className="text-ink-soft text-xs">
            {t("create.presets")}
          </span>
          {presets.map((preset) => (
            <Button
              key={preset}
              size="small"
              icon={preset === chosen ? <Check /> : undefined}
              aria-pressed={preset === chosen}
              onClick={() =>
                setValue("scopes", scopesOf(preset, offered), {
                  shouldDirty: true,
                  shouldValidate: formState.isSubmitted,
                })
              }
            >
              {t(`create.preset.${preset}`)}
            </Button>
          ))}
        </div>
        <Controller
          control={control}
          name="scopes"
          rules={{ validate: { required: (scopes) => scopes.length > 0 } }}
          render={({ field }) => (
            <CheckboxGroup
              legend={t("create.scopes")}
              error={textOf("scopes")}
              values={field.value}
              onChange={field.onChange}
              options={offered.map((scope) => ({
                value: scope,
                label: t(scopeText[scope]),
                help: <code className="font-mono">{scope}</code>,
              }))}
            />
          )}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t("create.expires")}
          help={expires === "never" ? t("create.neverHelp") : undefined}
          error={textOf("expires")}
          options={expiryChoices.map((choice) => ({ value: choice, label: t(`create.expiry.${choice}`) }))}
          {...register("expires")}
        />
        {expires === "date" ? (
          <TextField
            label={t("create.day")}
            help={t("create.dayHelp")}
            type="date"
            error={textOf("day")}
            {...register("day", {
              shouldUnregister: true,
              validate: {
                required: (day) => expiryOf("date", day, Date.now()) !== undefined,
                past: (day) => Date.parse(expiryOf("date", day, Date.now()) ?? "") > Date.now(),
              },
            })}
          />
        ) : null}
      </div>
    </form>
  );
}

/** The form's field that a field of the API's complaint belongs to. */
function fieldOf(field: string, expires: ExpiryChoice): FieldPath<Values> | undefined {
  if (field === "name") {
    return "name";
  }
  if (field === "scopes" || field.startsWith("scopes[")) {
    return "scopes";
  }
  if (field === "expires_at") {
    return expires === "date" ? "day" : "expires";
  }
  return undefined;
}
