import type {
  ParameterFormat,
  TemplateButton,
  TemplateCard,
  TemplateDefinition,
  TemplateHeader,
} from "../../../api/schema.gen";
import { sentText } from "./samples";

export type ButtonType = TemplateButton["type"];
export type HeaderType = TemplateHeader["type"];

export function emptyDefinition(): TemplateDefinition {
  return { name: "", language: "", category: "utility", body: { text: "" } };
}

export function emptyHeader(type: HeaderType): TemplateHeader {
  switch (type) {
    case "text":
      return { type, text: "" };
    case "location":
    case "product":
      return { type };
    default:
      return { type, link: "" };
  }
}

export function emptyButton(type: ButtonType): TemplateButton {
  switch (type) {
    case "url":
      return { type, text: "", url: "https://" };
    case "phone_number":
      return { type, text: "", phone_number: "" };
    case "copy_code":
      return { type, sample: "" };
    case "otp":
    case "request_contact_info":
      return { type };
    default:
      return { type, text: "" };
  }
}

/** Another card of the shape that the last one has, since all cards of a template have one shape. */
export function nextCard(cards: readonly TemplateCard[]): TemplateCard {
  const last = cards.at(-1);
  return {
    header: emptyHeader(last?.header.type ?? "image"),
    ...(!last || last.body ? { body: { text: "" } } : {}),
    buttons: (last?.buttons ?? [{ type: "quick_reply" as const, text: "" }]).map(({ type }) => emptyButton(type)),
  };
}

/**
 * What is sent of a definition that is being written: the form keeps what was typed for the other categories, so that
 * switching between them loses nothing.
 */
export function sentOf(draft: TemplateDefinition): TemplateDefinition {
  const { header, body, footer, limited_time_offer, cards, authentication, buttons = [], ...rest } = draft;
  const named = { ...rest, name: rest.name.trim(), language: rest.language.trim() };
  if (draft.category === "authentication") {
    const otp = buttons.filter(({ type }) => type === "otp");
    return { ...named, authentication: authentication ?? {}, buttons: otp.length > 0 ? otp : [{ type: "otp" }] };
  }
  const format = draft.parameter_format ?? "positional";
  const plain = buttons.filter(({ type }) => type !== "otp");
  // Cards have a text all or none.
  const speak = cards?.some((card) => card.body?.text);
  return {
    ...named,
    ...(header && { header: sentHeader(header, format) }),
    body: sentText(body ?? { text: "" }, format),
    ...(footer?.trim() && { footer }),
    ...(plain.length > 0 && { buttons: plain.map(sentButton) }),
    ...(limited_time_offer && { limited_time_offer }),
    ...(cards &&
      cards.length > 0 && {
        cards: cards.map(({ body, ...card }) => ({
          ...card,
          header: sentHeader(card.header, format),
          ...(speak && { body: sentText(body ?? { text: "" }, format) }),
          ...(card.buttons && { buttons: card.buttons.map(sentButton) }),
        })),
      }),
  };
}

/** Sources of the sample that are empty are left out. */
function sentHeader(header: TemplateHeader, format: ParameterFormat): TemplateHeader {
  return header.type === "text"
    ? { type: "text", ...sentText(header, format) }
    : withoutEmpty(header, ["link", "media_id", "handle"]);
}

/** What may be absent is left out when it is empty. */
function sentButton(button: TemplateButton): TemplateButton {
  return withoutEmpty(button, ["payload", "flow_id", "flow_name", "navigate_screen", "ttl_minutes", "sample"]);
}

function withoutEmpty<T extends { type: string }>(of: T, optional: readonly string[]): T {
  const kept = Object.entries(of).filter(
    ([name, value]) => !(optional.includes(name) && (value === "" || value === null)) || of.type === "copy_code",
  );
  return Object.fromEntries(kept) as T;
}
