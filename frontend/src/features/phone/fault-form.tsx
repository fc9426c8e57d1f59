import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { magicNumbersQuery } from "../../api/magic-numbers";
import { asProblem } from "../../api/problem";
import type { ChannelView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { Button } from "../../ui/button";
import { SelectField, TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { type FaultDraft, faultNames, faultOf, knownCodes, parameterOf } from "./faults";
import { useAddFault } from "./queries";

/** What goes wrong, for whom, and how often. */
export function FaultForm({ channels }: { channels: readonly ChannelView[] }) {
  const { t } = useTranslation("phone");
  const add = useAddFault();
  const form = useForm<FaultDraft>({
    defaultValues: { kind: "lost_answer", value: "", channel: "", to: "", times: "1", chance: "" },
  });
  const { errors } = form.formState;
  const [kind, channel] = form.watch(["kind", "channel"]);

  function submit(draft: FaultDraft) {
    const made = faultOf(draft);
    if ("problems" in made) {
      for (const name of ["value", "times", "chance"] as const) {
        const problem = made.problems[name];
        if (problem) {
          form.setError(name, { message: t(`wrong.${problem}`) }, { shouldFocus: true });
        }
      }
      return;
    }
    add.mutate(made.fault);
  }

  return (
    <form noValidate className="grid gap-3" onSubmit={form.handleSubmit(submit)}>
      <SelectField
        label={t("form.kind")}
        help={t(`fault.${kind}.why`)}
        options={faultNames.map((name) => ({ value: name, label: t(`fault.${name}.name`) }))}
        {...form.register("kind", { onChange: () => form.resetField("value") })}
      />
      <Parameter
        kind={kind}
        provider={channels.find(({ id }) => id === channel)?.provider}
        error={errors.value?.message}
        input={form.register("value")}
      />
      <SelectField
        label={t("form.channel")}
        options={[
          { value: "", label: t("form.everyChannel") },
          ...channels.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        {...form.register("channel")}
      />
      <TextField
        label={t("form.to")}
        optional
        type="tel"
        autoComplete="off"
        help={t("form.toHelp")}
        {...form.register("to")}
      />
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField
          label={t("form.times")}
          optional
          inputMode="numeric"
          autoComplete="off"
          help={t("form.timesHelp")}
          error={errors.times?.message}
          {...form.register("times")}
        />
        <TextField
          label={t("form.chance")}
          optional
          inputMode="numeric"
          autoComplete="off"
          suffix="%"
          help={t("form.chanceHelp")}
          error={errors.chance?.message}
          {...form.register("chance")}
        />
      </div>
      {add.isError ? <Notice tone="bad">{asProblem(add.error).detail ?? asProblem(add.error).title}</Notice> : null}
      <div>
        <Button type="submit" busy={add.isPending}>
          {t("form.add")}
        </Button>
      </div>
    </form>
  );
}

/** The one value that a kind of fault may ask for. */
function Parameter({
  kind,
  provider,
  error,
  input,
}: {
  kind: FaultDraft["kind"];
  provider: ChannelView["provider"] | undefined;
  error: string | undefined;
  input: ReturnType<ReturnType<typeof useForm<FaultDraft>>["register"]>;
}) {
  const { t } = useTranslation("phone");
  const { id } = useWorkspace();
  const numbers = useQuery(magicNumbersQuery(id));
  const parameter = parameterOf(kind);
  switch (parameter) {
    case "none":
      return null;
    case "milliseconds":
      return (
        <TextField label={t("form.ms")} inputMode="numeric" autoComplete="off" suffix="ms" error={error} {...input} />
      );
    case "status":
      return (
        <TextField
          label={t("form.status")}
          optional
          inputMode="numeric"
          autoComplete="off"
          help={t("form.statusHelp")}
          error={error}
          {...input}
        />
      );
    case "code":
    case "maybe code": {
      const codes = knownCodes(numbers.data ?? [], provider);
      return (
        <TextField
          label={t("form.code")}
          optional={parameter === "maybe code"}
          inputMode="numeric"
          autoComplete="off"
          help={codes.length > 0 ? t("form.codeHelp", { codes: codes.join(", ") }) : undefined}
          error={error}
          {...input}
        />
      );
    }
  }
}
