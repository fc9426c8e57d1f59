import { useTranslation } from "react-i18next";
import type { Lost, ProviderKind, ProviderPreview, TemplatePreview } from "../../api/schema.gen";
import { providerName } from "../../domain/provider";
import { Badge } from "../../ui/badge";
import { Card } from "../../ui/card";
import { JsonView } from "../../ui/json";

/** What a template becomes at each provider, side by side, with what is lost there. */
export function ProviderForms({ preview }: { preview: TemplatePreview }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <ProviderForm provider="direct" form={preview.direct} />
      <ProviderForm provider="twilio" form={preview.twilio} />
    </div>
  );
}

function ProviderForm({ provider, form }: { provider: ProviderKind; form: ProviderPreview }) {
  const { t } = useTranslation("templates");
  const { t: td } = useTranslation("domain");
  return (
    <Card
      title={t(`forms.${provider}`)}
      description={providerName(provider, td)}
      actions={
        form.whole ? <Badge tone="ok">{t("forms.whole")}</Badge> : <Badge tone="bad">{t("forms.lacking")}</Badge>
      }
    >
      <div className="grid gap-3">
        <Losses of={form.lost} />
        <JsonView label={t(`forms.${provider}`)} value={form.request} />
      </div>
    </Card>
  );
}

/** What the provider's form has no place for. */
export function Losses({ of }: { of: readonly Lost[] }) {
  const { t } = useTranslation("templates");
  return of.length === 0 ? null : (
    <ul className="grid gap-1.5 text-sm">
      {of.map(({ feature, where, why, blocks }) => (
        <li key={`${feature} ${where}`} className="break-anywhere">
          <Badge tone={blocks ? "bad" : "neutral"}>{t(blocks ? "forms.blocks" : "forms.madeUp")}</Badge>{" "}
          <code className="font-mono text-xs">{where}</code>: {why}
        </li>
      ))}
    </ul>
  );
}
