import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { Suppression } from "../../api/schema.gen";
import { useProblemText } from "../../domain/problem-text";
import { Confirm } from "../../ui/dialog";
import { useToast } from "../../ui/toast";
import { useLift } from "./queries";

/** Asks before somebody is written to again, and says what stays blocked at the provider. */
export function LiftDialog({
  suppression,
  onClose,
  onLifted,
}: {
  suppression: Suppression & { person: string; name?: string | null };
  onClose: () => void;
  /** With what nobody but the person can end. */
  onLifted?: (advice: string | undefined) => void;
}) {
  const { t } = useTranslation("contacts");
  const problemText = useProblemText();
  const toast = useToast();
  const lift = useLift();
  const { person, name, scope, source } = suppression;
  const shown = name ?? person;
  return (
    <Confirm
      open
      title={t("lift.title", { person: shown })}
      body={
        <span className="grid gap-2">
          <span>{t(`lift.body.${scope}`)}</span>
          {source === "provider" ? (
            <span>{t(scope === "all" ? "lift.twilioStays" : "lift.whatsappStays")}</span>
          ) : (
            <span>{t("lift.mayStay")}</span>
          )}
        </span>
      }
      confirmLabel={t("lift.confirm")}
      busy={lift.isPending}
      error={lift.error ? problemText(asProblem(lift.error)) : undefined}
      onCancel={onClose}
      onConfirm={() =>
        lift.mutate(
          { person, scope },
          {
            onSuccess: ({ advice }) => {
              toast.ok(t("lift.done", { person: shown }));
              onLifted?.(advice ?? undefined);
              onClose();
            },
          },
        )
      }
    />
  );
}
