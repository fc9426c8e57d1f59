import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button";
import { CodeBlock, CopyField } from "../../../ui/copy";
import { Dialog } from "../../../ui/dialog";
import { Notice } from "../../../ui/notice";

const sample = `import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.DUPLEX_WEBHOOK_SECRET);
// The body as it came, before it is parsed. Throws when the signature is wrong.
const { type, timestamp, data } = webhook.verify(body, headers);`;

/** A secret, once: it lives in this component and nowhere else. */
export function SecretShown({ secret, rotated, onClose }: { secret: string; rotated: boolean; onClose: () => void }) {
  const { t } = useTranslation("webhook-endpoints");
  const [warned, setWarned] = useState(false);
  return (
    <Dialog
      open
      // A slip of the finger on Escape would lose the secret for good.
      onClose={() => (warned ? onClose() : setWarned(true))}
      title={t("secret.title")}
      description={t(rotated ? "secret.rotated" : "secret.once")}
      footer={
        <Button look="primary" onClick={onClose}>
          {t("secret.stored")}
        </Button>
      }
    >
      <div className="grid gap-4">
        {warned ? (
          <Notice tone="warn" title={t("secret.sureTitle")}>
            {t("secret.sure")}
          </Notice>
        ) : null}
        <CopyField label={t("secret.label")} value={secret} help={t("secret.help")} />
        <CodeBlock code={sample} language="JavaScript" label={t("secret.sample")} />
      </div>
    </Dialog>
  );
}
