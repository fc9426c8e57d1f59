import type { TFunction } from "i18next";
import type {
  TemplateButton,
  TemplateDefinition,
  TemplateHeader,
  TemplateText,
  TemplateView,
} from "../../../api/schema.gen";
import type { Face, FaceButton, FaceHeader } from "../../../domain/face";
import { replaced, variablesOf } from "../../../domain/variables";
import { emptyMedia } from "../kinds/parts";
import {
  type BodyValue,
  type ButtonDraft,
  type CardDraft,
  emptyButton,
  emptyHeader,
  emptyTemplate,
  type HeaderDraft,
  type TemplateValues,
} from "./template-values";

/** What a message goes by; as long as the channel is not known, any one of the provider. */
export interface Way {
  channel: string | undefined;
  provider: string | undefined;
}

/** Whether messages with a template can go out this way. One-time codes are a kind of their own. */
export function canBeChosen(view: TemplateView, way: Way): boolean {
  return view.category !== "authentication" && canGoOut(view, way);
}

/** Whether one-time codes can go out with a template this way. */
export function canCarryCodes(view: TemplateView, way: Way): boolean {
  return view.category === "authentication" && canGoOut(view, way);
}

function canGoOut({ registrations }: TemplateView, { channel, provider }: Way): boolean {
  return registrations.some(
    (one) => one.sendable && (channel ? one.channel_ids.includes(channel) : one.provider === provider),
  );
}

/** The form that a template asks for. What `earlier` has in the same places is kept. */
export function valuesFor(view: TemplateView, earlier: TemplateValues = emptyTemplate()): TemplateValues {
  const { definition } = view;
  return {
    ...emptyTemplate(),
    ...partsFor(definition, earlier),
    chosen: view.id,
    name: view.name,
    language: view.language,
    named: view.parameter_format === "named",
    offer: definition.limited_time_offer?.has_expiration ? earlier.offer : "",
    cards: (definition.cards ?? []).map((card, n) => partsFor(card, earlier.cards[n], true)),
  };
}

interface Parts {
  header?: TemplateHeader | null | undefined;
  body?: TemplateText | null | undefined;
  buttons?: readonly TemplateButton[] | undefined;
}

function partsFor({ header, body, buttons = [] }: Parts, earlier: CardDraft | undefined, inCard = false): CardDraft {
  return {
    header: headerFor(header, earlier?.header, inCard),
    body: variablesOf(body?.text ?? "").map((name, n) => ({
      name,
      text: earlier?.body.find((value, at) => (value.name === "" ? at === n : value.name === name))?.text ?? "",
    })),
    buttons: buttons.flatMap((button, index) => {
      const empty = buttonFor(button, index);
      const same = ({ index: at, type }: ButtonDraft) => at === index && type === empty?.type;
      const known = earlier?.buttons.find(same);
      return empty ? [known ? { ...known, optional: empty.optional } : empty] : [];
    }),
  };
}

function headerFor(
  header: TemplateHeader | null | undefined,
  earlier: HeaderDraft | undefined,
  inCard: boolean,
): HeaderDraft {
  const [name] = header?.type === "text" ? variablesOf(header.text) : [];
  const fixed = header && "fixed" in header && header.fixed ? header : undefined;
  if (!header || (header.type === "text" && name === undefined) || (fixed && !inCard)) {
    return emptyHeader("none");
  }
  if (fixed?.media_id || fixed?.link) {
    // The gateway gives a fixed medium to the template only: that of a card goes with each message.
    const media = { id: fixed.media_id ?? "", link: fixed.link ?? "" };
    const from = media.id ? "upload" : "link";
    return { ...emptyHeader(header.type), fixed: true, media: { ...emptyMedia(), ...media, from } };
  }
  return { ...(earlier?.type === header.type ? earlier : emptyHeader(header.type)), name: name ?? "" };
}

/** The value that a button takes; nothing for one that takes none. */
function buttonFor(button: TemplateButton, index: number): ButtonDraft | undefined {
  switch (button.type) {
    case "url":
      return variablesOf(button.url).length > 0 ? emptyButton(index, "url") : undefined;
    case "quick_reply":
      return emptyButton(index, "quick_reply", true);
    case "copy_code":
      return emptyButton(index, "copy_code");
    case "flow":
      return emptyButton(index, "flow");
    case "catalog":
      return emptyButton(index, "catalog", true);
    case "mpm":
      return emptyButton(index, "products");
    default:
      return undefined;
  }
}

/** What the phone itself writes is in the language of whoever reads this. */
interface Texts {
  domain: TFunction<"domain">;
  compose: TFunction<"compose">;
}

/** A known template's own words with the values in their places; a variable without one keeps its braces. */
export function filledFace(definition: TemplateDefinition, values: TemplateValues, t: Texts): Face {
  return {
    ...filledParts(definition, values, t),
    footer: definition.footer ?? undefined,
    note: definition.limited_time_offer?.text,
    cards: (definition.cards ?? []).map((card, n) => filledParts(card, values.cards[n], t)),
  };
}

function filledParts({ header, body, buttons = [] }: Parts, values: CardDraft | undefined, t: Texts): Face {
  return {
    header: header ? filledHeader(header, values?.header, t) : undefined,
    body: body ? filled(body.text, values?.body ?? []) : undefined,
    buttons: buttons.map((button, index) => {
      const value = values?.buttons.find((one) => one.index === index)?.value ?? "";
      return filledButton(button, value, t);
    }),
  };
}

function filledHeader(header: TemplateHeader, value: HeaderDraft | undefined, t: Texts): FaceHeader {
  switch (header.type) {
    case "text":
      return { text: filled(header.text, value ? [{ name: value.name, text: value.text }] : []) };
    case "image":
    case "video":
    case "document": {
      const media = value?.media;
      const given = media?.from === "upload" ? { id: media.id || undefined } : { link: media?.link || undefined };
      const own = header.fixed
        ? { id: header.media_id ?? undefined, link: header.link ?? undefined }
        : { ...given, filename: media?.filename || undefined };
      return { media: { kind: header.type, ...own } };
    }
    case "location":
      return { text: value?.place || t.domain("face.place") };
    case "product":
      return { product: value?.product || t.domain("face.viewCatalog") };
  }
}

function filledButton(button: TemplateButton, value: string, t: Texts): FaceButton {
  switch (button.type) {
    case "url":
      return { does: "url", label: button.text, url: replaced(button.url, () => value) };
    case "copy_code":
      return { does: "copy", label: t.domain("face.copyCode") };
    case "phone_number":
    case "voice_call":
      return { does: "phone", label: button.text };
    case "flow":
      return { does: "flow", label: button.text };
    case "catalog":
    case "mpm":
    case "spm":
      return { does: "catalog", label: button.text };
    case "quick_reply":
      return { does: "reply", label: button.text };
    case "otp":
      return { does: "copy", label: button.text ?? t.domain("face.copyCode") };
    case "request_contact_info":
      return { does: "contact", label: t.compose("template.shareContact") };
  }
}

function filled(text: string, values: readonly BodyValue[]): string {
  const order = variablesOf(text);
  return replaced(text, (name) => values[order.indexOf(name)]?.text);
}
