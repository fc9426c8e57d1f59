import { useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { sessionQuery, useSignOut } from "../../api/session";
import { useProblemText } from "../../domain/problem-text";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { Facts } from "../../ui/facts";
import { Notice } from "../../ui/notice";
import { useToast } from "../../ui/toast";
import { NameForm } from "./name-form";
import { PasswordForm } from "./password-form";
import { useRenameUser } from "./queries";

export function AccountSection() {
  const { t } = useTranslation("settings");
  const { data: session } = useQuery(sessionQuery);
  const problemText = useProblemText();
  const signOut = useSignOut();
  const rename = useRenameUser();
  const toast = useToast();
  if (!session) {
    return null;
  }
  const { user } = session;
  const problem = signOut.error ? asProblem(signOut.error) : undefined;

  async function save(name: string) {
    await rename.mutateAsync(name);
    toast.ok(t("account.saved", { name }));
  }

  return (
    <Card
      id="account"
      title={t("account.title")}
      actions={
        <Button icon={<LogOut />} busy={signOut.isPending} onClick={() => signOut.mutate()}>
          {t("account.signOut")}
        </Button>
      }
    >
      <div className="grid gap-6">
        {problem ? (
          <Notice tone="bad" title={t("account.signOutFailed")}>
            {problemText(problem)}
          </Notice>
        ) : null}
        <Facts
          items={[
            {
              label: t("account.email"),
              value: (
                <>
                  {user.email} <span className="text-ink-soft">{t("account.emailHelp")}</span>
                </>
              ),
            },
          ]}
        />
        <NameForm
          name={user.name}
          label={t("account.name")}
          autoComplete="name"
          saveLabel={t("account.save")}
          failedTitle={t("account.failedTitle")}
          save={save}
        />
        <PasswordForm email={user.email} />
      </div>
    </Card>
  );
}
