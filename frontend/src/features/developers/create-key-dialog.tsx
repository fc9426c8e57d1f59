import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CreatedApiKey } from "../../api/schema.gen";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notice";
import { CreateKeyForm } from "./create-key-form";
import { CreatedKey } from "./created-key";

const FORM = "create-api-key";

/** Asks what the key may do, makes it, and shows its secret once: it lives in this component and nowhere else. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["developers", "shell"]);
  const [created, setCreated] = useState<CreatedApiKey>();
  const [busy, setBusy] = useState(false);
  const [warned, setWarned] = useState(false);

  if (created) {
    return (
      <Dialog
        open
        // A slip of the finger on Escape would lose the key for good.
        onClose={() => (warned ? onClose() : setWarned(true))}
        title={t("created.title")}
        description={t("created.once")}
        footer={
          <Button look="primary" onClick={onClose}>
            {t("created.stored")}
          </Button>
        }
      >
        <div className="grid gap-4">
          {warned ? (
            <Notice tone="warn" title={t("created.sureTitle")}>
              {t("created.sure")}
            </Notice>
          ) : null}
          <CreatedKey created={created} />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={busy ? () => {} : onClose}
      title={t("create.title")}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            {t("shell:action.cancel")}
          </Button>
          <Button look="primary" type="submit" form={FORM} busy={busy}>
            {t("create.submit")}
          </Button>
        </>
      }
    >
      <CreateKeyForm id={FORM} onBusy={setBusy} onCreated={setCreated} />
    </Dialog>
  );
}
