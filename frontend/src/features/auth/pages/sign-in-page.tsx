import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "../../../ui/copy";
import { Details } from "../../../ui/details";
import { Entrance } from "../entrance";
import { SignInForm } from "../sign-in-form";

export function SignInPage() {
  const { t } = useTranslation("auth");
  const navigate = useNavigate();
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  return (
    <Entrance title={t("signIn.title")}>
      <SignInForm
        onSignedIn={() => {
          if (next) {
            router.history.push(next);
          } else {
            void navigate({ to: "/" });
          }
        }}
      />
      <Details summary={t("signIn.forgot")}>
        <p className="pb-2 text-ink-soft text-sm">{t("signIn.forgotHow")}</p>
        <CodeBlock label={t("signIn.forgot")} code="duplex admin reset-password you@example.com" />
      </Details>
    </Entrance>
  );
}
