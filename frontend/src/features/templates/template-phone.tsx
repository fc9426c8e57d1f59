import { useTranslation } from "react-i18next";
import type { TemplateBubble } from "../../api/schema.gen";
import { Bubble } from "../../domain/bubble";
import { MessageFace } from "../../domain/message-face";
import { PhoneFrame } from "../../domain/phone-frame";
import { templateFace } from "../../domain/template-face";

/** A template as people see it, filled with its samples. */
export function TemplatePhone({ bubble }: { bubble: TemplateBubble | undefined }) {
  const { t } = useTranslation("templates");
  const { t: td } = useTranslation("domain");
  return (
    <PhoneFrame label={t("preview.label")} size="preview" title={t("preview.title")}>
      {bubble ? (
        <Bubble direction="outbound" text="">
          <MessageFace face={templateFace(bubble, td)} />
        </Bubble>
      ) : (
        <p className="py-10 text-center text-ink-soft text-sm">{t("preview.none")}</p>
      )}
    </PhoneFrame>
  );
}
