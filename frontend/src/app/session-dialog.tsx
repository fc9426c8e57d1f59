import { useQueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { use, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "../api/keys";
import type { SessionView } from "../api/schema.gen";
import { leave, readSession, remember } from "../api/session";
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
  const before = client.getQueryData<SessionView | null>(keys.session);

  useEffect(() => {
    function goOn(session: SessionView) {
      if (session.user.id === before?.user.id) {
        remember(client, session);
        settleExpired();
      }
    }
    function look() {
      if (document.visibilityState === "visible") {
        // Refused means that the password is still needed, which the dialog says already.
        readSession().then(goOn, () => {});
      }
    }
    // Whoever comes back may have signed in in another tab.
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [client, before]);

  return (
    // No slip on Escape may lose what is typed below: leaving has its own button.
    <Dialog open mustAnswer onClose={() => {}} title={t("session.title")} description={t("session.why")}>
      <SignInForm
        email={before?.user.email}
        onSignedIn={(session) => {
          if (before && before.user.id !== session.user.id) {
            // Another person must not send what this one was writing.
            window.location.assign(document.baseURI);
            return;
          }
          settleExpired();
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
