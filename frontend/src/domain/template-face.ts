import type { TFunction } from "i18next";
import type { BubbleButton, BubbleHeader, TemplateBubble } from "../api/schema.gen";
import type { Face, FaceButton, FaceHeader } from "./face";

/** How a template looks on the phone. */
export function templateFace(bubble: TemplateBubble, t: TFunction<"domain">): Face {
  return {
    header: bubble.header ? headerOf(bubble.header, t) : undefined,
    note: bubble.offer ?? undefined,
    body: bubble.body || undefined,
    footer: bubble.footer ?? undefined,
    buttons: bubble.buttons.map(buttonOf),
    cards: bubble.cards.map(({ header, body, buttons }) => ({
      header: headerOf(header, t),
      body: body ?? undefined,
      buttons: buttons.map(buttonOf),
    })),
  };
}

function headerOf({ type, text, link }: BubbleHeader, t: TFunction<"domain">): FaceHeader {
  switch (type) {
    case "image":
    case "video":
    case "document":
      return { media: { kind: type, link: link ?? undefined } };
    case "location":
      return { text: t("face.place") };
    case "product":
      return { text: t("face.viewCatalog") };
    default:
      return { text: text ?? "" };
  }
}

function buttonOf({ type, text, url }: BubbleButton): FaceButton {
  return { does: does[type] ?? "reply", label: text, url: url ?? undefined };
}

const does: Partial<Record<string, FaceButton["does"]>> = {
  quick_reply: "reply",
  url: "url",
  phone_number: "phone",
  voice_call: "phone",
  copy_code: "copy",
  otp: "copy",
  flow: "flow",
  catalog: "catalog",
  mpm: "catalog",
  spm: "catalog",
  request_contact_info: "contact",
};
