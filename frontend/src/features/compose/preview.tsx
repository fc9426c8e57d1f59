import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../api/media";
import type { Capabilities } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { Bubble } from "../../domain/bubble";
import { outboundFace } from "../../domain/face";
import { MessageFace } from "../../domain/message-face";
import { PhoneNumber } from "../../domain/number";
import { PhoneFrame } from "../../domain/phone-frame";
import { filledFace } from "./template/known";
import { useKnown } from "./template/use-known";
import { type ComposeValues, contentOf, recipientOf } from "./values";

/** The message as a bubble, while it is written. */
export function Preview({ values, can }: { values: ComposeValues; can: Capabilities | undefined }) {
  const { t } = useTranslation("compose");
  const { t: td } = useTranslation("domain");
  const { id: workspace } = useWorkspace();
  const { known } = useKnown();
  const content = contentOf(values, can);
  const template = values.kind === "template" && known.find(({ id }) => id === values.template.chosen);
  const face = template
    ? filledFace(template.definition, values.template, { domain: td, compose: t })
    : outboundFace(content, td);
  const empty = content.type === "text" && content.body.trim() === "";
  return (
    <PhoneFrame
      label={t("preview.label")}
      size="preview"
      title={values.to.trim() ? <PhoneNumber value={recipientOf(values.to)} /> : t("preview.nobody")}
    >
      {empty ? (
        <p className="py-10 text-center text-ink-faint text-sm">{t("preview.empty")}</p>
      ) : (
        <Bubble direction="outbound" text="">
          <MessageFace face={face} urlOf={({ id }) => id && mediaUrl(workspace, id)} />
        </Bubble>
      )}
      {content.type === "template" && !template ? (
        <p className="text-center text-ink-soft text-xs">{t("preview.template")}</p>
      ) : null}
    </PhoneFrame>
  );
}
