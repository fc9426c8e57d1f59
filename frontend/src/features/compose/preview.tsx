import { Copy, FileText, Image, Link2, type LucideIcon, Reply, Video } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ButtonAction, Capabilities, Content, HeaderValue } from "../../api/schema.gen";
import { Bubble } from "../../domain/bubble";
import { PhoneNumber } from "../../domain/number";
import { PhoneFrame } from "../../domain/phone-frame";
import { type ComposeValues, contentOf, recipientOf } from "./values";

/** The message as a bubble, while it is written. */
export function Preview({ values, can }: { values: ComposeValues; can: Capabilities | undefined }) {
  const { t } = useTranslation("compose");
  const content = contentOf(values, can);
  return (
    <PhoneFrame
      label={t("preview.label")}
      size="preview"
      title={values.to.trim() ? <PhoneNumber value={recipientOf(values.to)} /> : t("preview.nobody")}
    >
      {content.type === "text" ? <TextPreview body={content.body} /> : <TemplatePreview template={content} />}
    </PhoneFrame>
  );
}

function TextPreview({ body }: { body: string }) {
  const { t } = useTranslation("compose");
  return body.trim() === "" ? (
    <p className="py-10 text-center text-ink-faint text-sm">{t("preview.empty")}</p>
  ) : (
    <Bubble direction="outbound" text={body} />
  );
}

const media: Record<Exclude<HeaderValue["type"], "text">, LucideIcon> = {
  image: Image,
  video: Video,
  document: FileText,
};

const actions: Record<ButtonAction["type"], LucideIcon> = { url: Link2, quick_reply: Reply, copy_code: Copy };

/** The template's own words are at the provider; what is known here are its name and the values that fill it. */
function TemplatePreview({ template }: { template: Extract<Content, { type: "template" }> }) {
  const { t } = useTranslation("compose");
  const { header, body = [], buttons = [], twilio } = template;
  const values = Object.entries(twilio?.variables ?? {}).map(([name, text]) => ({ name, text }));
  return (
    <>
      <Bubble direction="outbound" text="" header={<Title name={template.name} language={template.language} />}>
        {header ? <Header header={header} /> : null}
        <Values values={values.length > 0 ? values : body} />
        {buttons.map((button, n) => {
          const Icon = actions[button.type];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: two rows of the form may have the same index while they are typed.
            <p key={n} className="flex items-center justify-center gap-1.5 border-line border-t pt-1 text-sm">
              <Icon aria-hidden className="size-4 shrink-0" />
              <span className="truncate">{t("preview.button", { n: button.index + 1 })}</span>
            </p>
          );
        })}
      </Bubble>
      <p className="text-center text-ink-soft text-xs">{t("preview.template")}</p>
    </>
  );
}

function Title({ name, language }: { name: string; language: string }) {
  const { t } = useTranslation("compose");
  return (
    <p className="break-anywhere text-ink-soft text-xs">
      {name || t("preview.noName")}
      {language ? ` · ${language}` : null}
    </p>
  );
}

function Header({ header }: { header: HeaderValue }) {
  const { t } = useTranslation("compose");
  if (header.type === "text") {
    return (
      <p dir="auto" className="break-anywhere font-semibold">
        {header.text || "…"}
      </p>
    );
  }
  const Icon = media[header.type];
  return (
    <p className="flex items-center gap-2 rounded-md bg-sunken p-3 text-ink-soft text-xs">
      <Icon aria-hidden className="size-5 shrink-0" />
      <span className="truncate">{header.filename || header.link || t(`template.header.${header.type}`)}</span>
    </p>
  );
}

function Values({ values }: { values: readonly { name?: string | null; text: string }[] }) {
  return (
    <dl className="grid gap-1 text-sm">
      {values.map(({ name, text }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values have no identity but their place.
        <div key={n} className="flex gap-2">
          <dt className="shrink-0 font-mono text-ink-soft text-xs leading-5">{`{{${name || n + 1}}}`}</dt>
          <dd dir="auto" className="break-anywhere">
            {text || "…"}
          </dd>
        </div>
      ))}
    </dl>
  );
}
