import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "../../../ui/copy";
import { Details } from "../../../ui/details";
import { Entrance } from "../entrance";
import { SignInForm } from "../sign-in-form";

export function SignInPage() {
  const { t } = useTranslation("auth");
  const navigate = useNavigate();
  const { next } = useSearch({ from: "/sign-in" });
  return (
    <Entrance title={t("signIn.title")}>
      <SignInForm
        // As an address and not put into the history by hand: the router adds the path prefix.
        onSignedIn={() => void navigate(next ? { to: ".", href: next } : { to: "/" })}
      />
      <Details summary={t("signIn.forgot")}>
        <p className="pb-2 text-ink-soft text-sm">{t("signIn.forgotHow")}</p>
        <CodeBlock label={t("signIn.forgot")} code="duplex admin reset-password you@example.com" />
      </Details>
    </Entrance>
  );
}
