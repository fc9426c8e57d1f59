import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { TemplateView } from "../../api/schema.gen";
import { useProblemText } from "../../domain/problem-text";
import { Confirm } from "../../ui/dialog";
import { Checkbox } from "../../ui/field";
import { useToast } from "../../ui/toast";
import { useDeleteTemplate } from "./queries";

/** Deletes a template here, or at the providers as well, where its name is then blocked for a while. */
export function DeleteTemplate({
  template,
  onClose,
  onDeleted,
}: {
  template: TemplateView;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { t } = useTranslation("templates");
  const problemText = useProblemText();
  const toast = useToast();
  const remove = useDeleteTemplate();
  // Where it stands at a provider, the next comparison would bring it back.
  const stands = template.registrations.some(({ provider_ref }) => provider_ref);
  const [everywhere, setEverywhere] = useState(stands);
  return (
    <Confirm
      open
      tone="danger"
      title={t("delete.title", { name: template.name })}
      body={
        <div className="grid gap-3">
          <p>{t("delete.body", { language: template.language })}</p>
          {stands ? (
            <Checkbox
              label={t("delete.everywhere")}
              help={t("delete.everywhereHelp")}
              checked={everywhere}
              onCheckedChange={setEverywhere}
            />
          ) : null}
        </div>
      }
      typed={everywhere ? template.name : undefined}
      confirmLabel={t("delete.confirm")}
      busy={remove.isPending}
      error={remove.error ? problemText(asProblem(remove.error)) : undefined}
      onCancel={onClose}
      onConfirm={() =>
        remove.mutate(
          { template: template.id, everywhere },
          {
            onSuccess: () => {
              toast.ok(t("delete.done", { name: template.name }));
              onDeleted();
            },
          },
        )
      }
    />
  );
}
