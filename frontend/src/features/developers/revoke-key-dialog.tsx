import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { ApiKey } from "../../api/schema.gen";
import { useProblemText } from "../../domain/problem-text";
import { formatRelative } from "../../lib/format";
import { Confirm } from "../../ui/dialog";
import { useToast } from "../../ui/toast";
import { scopeText } from "./api-key";
import { useRevokeApiKey } from "./queries";

export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t, i18n } = useTranslation("developers");
  const toast = useToast();
  const problemText = useProblemText();
  const revoke = useRevokeApiKey();
  const problem = revoke.error ? asProblem(revoke.error) : undefined;
  const { name, prefix, scopes, last_used_at } = apiKey;

  function confirm() {
    revoke.mutate(apiKey.id, {
      onSuccess: () => {
        toast.ok(t("revoke.done", { name }));
        onClose();
      },
    });
  }

  return (
    <Confirm
      open
      tone="danger"
      title={t("revoke.title", { name })}
      body={
        <span className="grid gap-2">
          <span>{t("revoke.body", { prefix })}</span>
          <span>
            {last_used_at
              ? t("revoke.used", { when: formatRelative(last_used_at, i18n.language, Date.now()) })
              : t("revoke.unused")}
          </span>
          <span>{t("revoke.what", { scopes: scopes.map((scope) => t(scopeText[scope])).join(" · ") })}</span>
        </span>
      }
      typed={name}
      confirmLabel={t("revoke.confirm")}
      busy={revoke.isPending}
      error={problem && problemText(problem)}
      onConfirm={confirm}
      onCancel={onClose}
    />
  );
}
