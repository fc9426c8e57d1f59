import { valibotResolver } from "@hookform/resolvers/valibot";
import { useNavigate } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";
import { asProblem, type Problem } from "../../../api/problem";
import { useSetup } from "../../../api/session";
import { Button } from "../../../ui/button";
import { TextField } from "../../../ui/field";
import { Notice } from "../../../ui/notice";
import { Entrance } from "../entrance";
import { useFailureText } from "../use-failure-text";

/** The server decides; this is what it says at the moment, so that nobody waits for its answer to learn it. */
const SHORTEST_PASSWORD = 12;

type FieldName = "code" | "name" | "email" | "password" | "workspace";
const fieldNames: readonly FieldName[] = ["code", "name", "email", "password", "workspace"];

export function SetupPage() {
  const { t } = useTranslation("auth");
  const navigate = useNavigate();
  const setup = useSetup();
  const failureText = useFailureText();
  const required = v.pipe(v.string(), v.trim(), v.nonEmpty(t("error.required")));
  const schema = v.object({
    code: required,
    name: required,
    email: v.pipe(required, v.email(t("error.email"))),
    password: v.pipe(
      v.string(),
      v.minLength(SHORTEST_PASSWORD, t("error.passwordShort", { count: SHORTEST_PASSWORD })),
    ),
    workspace: v.pipe(v.string(), v.trim()),
  });
  const form = useForm({
    resolver: valibotResolver(schema),
    defaultValues: { code: "", name: "", email: "", password: "", workspace: "" },
  });
  const { errors } = form.formState;

  /** Puts the problem beside its cause; what has no field stands above the form. */
  function place(problem: Problem) {
    if (problem.code === "setup_code_wrong") {
      form.setError("code", { message: failureText(problem) }, { shouldFocus: true });
      return;
    }
    for (const { field, message } of problem.errors) {
      const name = fieldNames.find((known) => known === field);
      if (name) {
        form.setError(name, { message }, { shouldFocus: true });
      }
    }
    if (problem.code === "setup_done") {
      void navigate({ to: "/" });
    }
  }

  function submit({ workspace, ...owner }: v.InferOutput<typeof schema>) {
    setup.mutate(
      { ...owner, ...(workspace && { workspace }) },
      {
        onSuccess: () => void navigate({ to: "/" }),
        onError: (error) => place(asProblem(error)),
      },
    );
  }

  const problem = setup.error ? asProblem(setup.error) : undefined;
  const placed =
    problem?.code === "setup_code_wrong" ||
    problem?.errors.some(({ field }) => fieldNames.some((name) => name === field));

  return (
    <Entrance title={t("setup.title")} lead={t("setup.lead")}>
      <form noValidate className="flex flex-col gap-4" onSubmit={form.handleSubmit(submit)}>
        {problem && !placed && <Notice tone="bad">{failureText(problem)}</Notice>}
        <TextField
          label={t("field.code")}
          help={t("setup.codeHelp")}
          autoComplete="off"
          error={errors.code?.message}
          {...form.register("code")}
        />
        <TextField
          label={t("field.name")}
          autoComplete="name"
          error={errors.name?.message}
          {...form.register("name")}
        />
        <TextField
          label={t("field.email")}
          type="email"
          autoComplete="username"
          error={errors.email?.message}
          {...form.register("email")}
        />
        <TextField
          label={t("field.password")}
          type="password"
          help={t("setup.passwordHelp", { count: SHORTEST_PASSWORD })}
          autoComplete="new-password"
          error={errors.password?.message}
          {...form.register("password")}
        />
        <TextField
          label={t("field.business")}
          help={t("setup.businessHelp")}
          optional
          autoComplete="organization"
          error={errors.workspace?.message}
          {...form.register("workspace")}
        />
        <Button look="primary" type="submit" busy={setup.isPending}>
          {t("setup.submit")}
        </Button>
      </form>
    </Entrance>
  );
}
