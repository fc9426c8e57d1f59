import { valibotResolver } from "@hookform/resolvers/valibot";
import { type FormEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type UseFormReturn, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../../../api/problem";
import type { ChannelView, CheckOutcome, FieldDescriptor, Provider } from "../../../api/schema.gen";
import { requestName } from "../../../lib/request-name";
import { troubles } from "../channel";
import { useCheckChannel, useCreateChannel, useUpdateChannel } from "../queries";
import { changesOf, createBody, updateBody } from "./channel-body";
import { withCommonFields } from "./common-fields";
import { type Fault, type FormValues, groupFields, initialValues, isInput, schemaOf } from "./descriptors";
import { focusField } from "./field-focus";

/** Which secrets of a channel are about to change: those whose input is open, and those that are taken away on saving. */
export interface SecretPlans {
  replaced: ReadonlySet<string>;
  removed: ReadonlySet<string>;
}

const noPlans: SecretPlans = { replaced: new Set(), removed: new Set() };

export interface ChannelForm {
  fields: FieldDescriptor[];
  form: UseFormReturn<FormValues>;
  root: RefObject<HTMLFormElement | null>;
  plans: SecretPlans;
  /** Takes the reader to a field: unfolds what hides it, and opens the input of a secret. */
  goTo: (name: string) => void;
  keepSecret: (name: string) => void;
  removeSecret: (name: string) => void;
  submit: (event: FormEvent) => void;
  step: "idle" | "saving" | "testing";
  dirty: boolean;
  /** Why saving failed, apart from what stands at a field. */
  saveProblem: Problem | undefined;
  /** Saved, but the test itself could not be made. */
  testProblem: Problem | undefined;
  outcome: CheckOutcome | undefined;
}

/** One filled form: checked here, saved, then tested, with everything that is wrong put at its field. */
export function useChannelForm({
  provider,
  channel,
  onSaved,
}: {
  provider: Provider;
  channel: ChannelView | undefined;
  onSaved?: ((channel: ChannelView) => void) | undefined;
}): ChannelForm {
  const { t } = useTranslation("providers");
  const fields = useMemo(() => withCommonFields(provider.form, t), [provider.form, t]);
  const told = (fault: Fault) => {
    switch (fault.kind) {
      case "required":
        return t("fault.required");
      case "choice":
        return t("fault.choice");
      case "short":
        return t("fault.short", { length: fault.length, limit: fault.limit, expected: fault.expected });
      case "long":
        return t("fault.long", { length: fault.length, limit: fault.limit, expected: fault.expected });
      case "malformed":
        return t("fault.malformed", { expected: fault.expected });
    }
  };
  const form = useForm<FormValues>({
    defaultValues: initialValues(fields, channel),
    resolver: valibotResolver(schemaOf(fields, channel, told)),
    shouldFocusError: false,
  });
  const { isDirty, dirtyFields } = form.formState;
  const root = useRef<HTMLFormElement>(null);
  const [plans, setPlans] = useState(noPlans);
  const [step, setStep] = useState<ChannelForm["step"]>("idle");
  const [saveProblem, setSaveProblem] = useState<Problem>();
  const [testProblem, setTestProblem] = useState<Problem>();
  const [outcome, setOutcome] = useState<CheckOutcome>();
  const lastTry = useRef<{ body: string; once: string }>(undefined);
  const create = useCreateChannel();
  const update = useUpdateChannel();
  const check = useCheckChannel();

  // What others change shows up here too, unless somebody is typing. The form's values live outside of React, hence an effect.
  const newest = channel?.updated_at;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a newer state of the channel is a reason.
  useEffect(() => {
    if (channel && !form.formState.isDirty) {
      form.reset(initialValues(fields, channel), { keepErrors: true, keepIsSubmitted: true });
    }
  }, [newest]);

  const inputs = groupFields(fields)
    .flatMap((group) => group.fields)
    .filter(isInput);

  function focusOn(name: string) {
    if (root.current) {
      focusField(root.current, name);
    }
  }

  function openSecrets(names: readonly string[]) {
    const secrets = names.filter((name) => inputs.some((field) => field.kind === "secret" && field.name === name));
    // The inputs have to be there before one of them can take the focus.
    flushSync(() =>
      setPlans((old) => ({
        replaced: new Set([...old.replaced, ...secrets]),
        removed: new Set([...old.removed].filter((name) => !secrets.includes(name))),
      })),
    );
  }

  function closeSecret(name: string, removed: boolean) {
    form.resetField(name);
    flushSync(() =>
      setPlans((old) => {
        const next = { replaced: new Set(old.replaced), removed: new Set(old.removed) };
        next.replaced.delete(name);
        if (removed) {
          next.removed.add(name);
        } else {
          next.removed.delete(name);
        }
        return next;
      }),
    );
    focusOn(name);
  }

  /** Puts errors at their fields and the focus on the first of them; gives back whether there was one. */
  function showAtFields(errors: readonly { field: string; message: string }[]): boolean {
    const placed = errors.filter((error) => inputs.some((field) => field.name === error.field));
    openSecrets(placed.map((error) => error.field));
    for (const error of placed) {
      form.setError(error.field, { type: "server", message: error.message });
    }
    focusFirst(placed.map((error) => error.field));
    return placed.length > 0;
  }

  function focusFirst(names: readonly string[]) {
    const first = inputs.find((field) => names.includes(field.name));
    if (first) {
      focusOn(first.name);
    }
  }

  /** The same body again is the same attempt: its answer may have been lost on the way. */
  function onceFor(body: object): string {
    const text = JSON.stringify(body);
    if (lastTry.current?.body !== text) {
      lastTry.current = { body: text, once: requestName() };
    }
    return lastTry.current.once;
  }

  async function save(values: FormValues): Promise<ChannelView> {
    if (!channel) {
      const body = createBody(provider.id, values);
      return create.mutateAsync({ body, once: onceFor(body) });
    }
    const changes = changesOf(fields, initialOf(form), values, plans.removed);
    if (changes.size === 0) {
      return channel;
    }
    return update.mutateAsync({ channel: channel.id, body: updateBody(provider.id, changes) });
  }

  async function saveAndTest(values: FormValues) {
    const sent = { ...form.getValues() };
    setStep("saving");
    setSaveProblem(undefined);
    setTestProblem(undefined);
    setOutcome(undefined);
    let saved: ChannelView;
    try {
      saved = await save(values);
    } catch (error) {
      const problem = asProblem(error);
      setStep("idle");
      const atField = showAtFields(problem.errors);
      const elsewhere = problem.errors.some((each) => !inputs.some((field) => field.name === each.field));
      setSaveProblem(atField && !elsewhere ? undefined : problem);
      return;
    }
    settle(saved, sent);
    forgetSecrets();
    onSaved?.(saved);
    setStep("testing");
    try {
      const found = await check.mutateAsync(saved.id);
      setOutcome(found);
      showAtFields(
        troubles(found.report.checks).flatMap(({ field, finding, cure }) =>
          field ? [{ field, message: cure ? `${finding} ${cure}` : finding }] : [],
        ),
      );
    } catch (error) {
      setTestProblem(asProblem(error));
    }
    setStep("idle");
  }

  /** What was sent is known to the server: no copy of it stays here. */
  function forgetSecrets() {
    lastTry.current = undefined;
    create.reset();
    update.reset();
  }

  /** The saved values are the new beginning; what was typed while they were on their way stays typed. */
  function settle(saved: ChannelView, sent: FormValues) {
    const now = form.getValues();
    const later = Object.entries(now).filter(([name, value]) => value !== sent[name]);
    form.reset(initialValues(fields, saved));
    for (const [name, value] of later) {
      form.setValue(name, value, { shouldDirty: true });
    }
    setPlans(noPlans);
  }

  return {
    fields,
    form,
    root,
    plans,
    goTo: (name) => {
      openSecrets([name]);
      focusOn(name);
    },
    keepSecret: (name) => closeSecret(name, false),
    removeSecret: (name) => closeSecret(name, true),
    submit: form.handleSubmit(saveAndTest, (errors) => {
      openSecrets(Object.keys(errors));
      focusFirst(Object.keys(errors));
    }),
    step,
    dirty: (isDirty && Object.keys(dirtyFields).length > 0) || plans.removed.size > 0,
    saveProblem,
    testProblem,
    outcome,
  };
}

function initialOf(form: UseFormReturn<FormValues>): FormValues {
  const before: FormValues = {};
  for (const [name, value] of Object.entries(form.formState.defaultValues ?? {})) {
    before[name] = value ?? "";
  }
  return before;
}
