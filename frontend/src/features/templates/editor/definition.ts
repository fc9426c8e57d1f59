import type {
  ParameterFormat,
  TemplateButton,
  TemplateCard,
  TemplateDefinition,
  TemplateHeader,
  TemplateText,
} from "../../../api/schema.gen";

export type ButtonType = TemplateButton["type"];
export type HeaderType = TemplateHeader["type"];

export function emptyDefinition(): TemplateDefinition {
  return { name: "", language: "", category: "utility", body: { text: "" } };
}

/** The different variables of a text, in the order of their first use. */
export function variablesOf(text: string): string[] {
  const names = Array.from(text.matchAll(/\{\{(.*?)\}\}/gs), ([, name = ""]) => name.trim());
  return [...new Set(names)];
}

/** The text with samples for its variables, those that are known kept. */
export function withText({ samples = [] }: TemplateText, text: string, format: ParameterFormat): TemplateText {
  const names = variablesOf(text);
  return names.length === 0
    ? { text }
    : {
        text,
        samples: names.map((name, n) =>
          format === "named"
            ? { name, text: samples.find((sample) => sample.name === name)?.text ?? "" }
            : { text: samples[n]?.text ?? "" },
        ),
      };
}

/** The definition with its variables written in this way: samples have names or places. */
export function withFormat(definition: TemplateDefinition, format: ParameterFormat): TemplateDefinition {
  const again = (text: TemplateText): TemplateText => {
    const samples = (text.samples ?? []).map((sample, n) => ({
      ...sample,
      name: sample.name ?? variablesOf(text.text)[n] ?? "",
    }));
    return withText({ text: text.text, samples }, text.text, format);
  };
  const { header, body, cards } = definition;
  return {
    ...definition,
    parameter_format: format,
    ...(header?.type === "text" && { header: { type: "text" as const, ...again(header) } }),
    ...(body && { body: again(body) }),
    ...(cards && { cards: cards.map((card) => ({ ...card, ...(card.body && { body: again(card.body) }) })) }),
  };
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
  const plain = buttons.filter(({ type }) => type !== "otp");
  return {
    ...named,
    ...(header && { header: sentHeader(header) }),
    body: body ?? { text: "" },
    ...(footer?.trim() && { footer }),
    ...(plain.length > 0 && { buttons: plain.map(sentButton) }),
    ...(limited_time_offer && { limited_time_offer }),
    ...(cards &&
      cards.length > 0 && {
        cards: cards.map((card) => ({
          ...card,
          header: sentHeader(card.header),
          ...(card.buttons && { buttons: card.buttons.map(sentButton) }),
        })),
      }),
  };
}

/** Sources of the sample that are empty are left out. */
function sentHeader(header: TemplateHeader): TemplateHeader {
  return withoutEmpty(header, ["link", "media_id", "handle"]);
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
