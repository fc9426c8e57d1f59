import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { use } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "../api/keys";
import type { SessionView } from "../api/schema.gen";
import { settleExpired } from "../api/session-state";
import { SignInForm } from "../features/auth/sign-in-form";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

const texts = i18next.loadNamespaces("auth");

/** Asks for the password where the session ended, over the page as it stands: what was typed stays, what failed goes on. */
export function SessionDialog() {
  use(texts);
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const before = client.getQueryData<SessionView | null>(keys.session);

  function leave() {
    settleExpired(false);
    client.clear();
    client.setQueryData(keys.session, null);
    void navigate({ to: "/sign-in" });
  }

  return (
    <Dialog open onClose={leave} title={t("session.title")} description={t("session.why")}>
      <SignInForm
        email={before?.user.email}
        onSignedIn={(session) => {
          if (before && before.user.id !== session.user.id) {
            // Another person must not send what this one was writing.
            window.location.assign(document.baseURI);
            return;
          }
          settleExpired(true);
        }}
        aside={
          <Button look="quiet" onClick={leave}>
            {t("session.leave")}
          </Button>
        }
      />
    </Dialog>
  );
}
