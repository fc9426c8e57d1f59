import { valibotResolver } from "@hookform/resolvers/valibot";
import type { ReactNode } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";
import { asProblem } from "../../api/problem";
import type { SessionView } from "../../api/schema.gen";
import { useSignIn } from "../../api/session";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { useFailureText } from "./use-failure-text";

/** Email and password; used by the sign-in page and where a session ended. */
export function SignInForm({
  email,
  onSignedIn,
  aside,
}: {
  email?: string | undefined;
  onSignedIn: (session: SessionView) => void;
  aside?: ReactNode | undefined;
}) {
  const { t } = useTranslation("auth");
  const signIn = useSignIn();
  const failureText = useFailureText();
  const schema = v.object({
    email: v.pipe(v.string(), v.trim(), v.nonEmpty(t("error.required")), v.email(t("error.email"))),
    password: v.pipe(v.string(), v.nonEmpty(t("error.required"))),
  });
  const form = useForm({
    resolver: valibotResolver(schema),
    defaultValues: { email: email ?? "", password: "" },
    reValidateMode: "onChange",
  });
  const { errors } = form.formState;

  function submit(values: v.InferOutput<typeof schema>) {
    signIn.mutate(values, {
      onSuccess: onSignedIn,
      onError: () => form.setFocus("password", { shouldSelect: true }),
    });
  }

  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={form.handleSubmit(submit)}>
      {signIn.isError && <Notice tone="bad">{failureText(asProblem(signIn.error))}</Notice>}
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
        autoComplete="current-password"
        data-first-focus={email === undefined ? undefined : ""}
        error={errors.password?.message}
        {...form.register("password")}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" type="submit" busy={signIn.isPending}>
          {t("signIn.submit")}
        </Button>
        {aside}
      </div>
    </form>
  );
}
