import type { TFunction } from "i18next";
import type { AnyContent, TemplateUse } from "../api/schema.gen";

/** What a message says, in one piece of text: its words, or what it is when it has none. */
export function contentText(content: AnyContent, t: TFunction<"domain">): string {
  switch (content.type) {
    case "text":
      return content.body;
    case "template":
      return templateText(content, t);
    case "other":
      return t("content.other", { kind: content.kind });
  }
}

function templateText({ name, body }: Pick<TemplateUse, "name" | "body">, t: TFunction<"domain">): string {
  const values = (body ?? []).map(({ text }) => text).join(" · ");
  return values === "" ? t("content.template", { name }) : t("content.templateWith", { name, values });
}
