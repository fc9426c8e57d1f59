import type {
  ButtonAction,
  ButtonValue,
  Capabilities,
  CardValue,
  HeaderValue,
  TemplateUse,
  TextValue,
} from "../../../api/schema.gen";
import { emptyMedia, type MediaDraft } from "../kinds/parts";

/** What fills a template, as the form holds it. */
export interface TemplateValues {
  /** Id of the template whose variables make the form; empty: name and values are typed by hand. */
  chosen: string;
  /** It was sent before: it becomes the form of the known template that has its name, as long as nobody has changed it. */
  again: boolean;
  name: string;
  language: string;
  /** The values have names instead of places. */
  named: boolean;
  body: BodyValue[];
  header: HeaderDraft;
  buttons: ButtonDraft[];
  /** When a limited-time offer ends, as `<input type="datetime-local">` writes it; empty: the template has none. */
  offer: string;
  cards: CardDraft[];
  contentSid: string;
  variables: { name: string; value: string }[];
}

export interface BodyValue {
  name: string;
  text: string;
}

export interface HeaderDraft {
  type: "none" | HeaderValue["type"];
  /** The template itself says what stands here; it is sent along and not asked for. */
  fixed: boolean;
  name: string;
  text: string;
  media: MediaDraft;
  latitude: string;
  longitude: string;
  place: string;
  address: string;
  catalog: string;
  product: string;
}

export interface ButtonDraft {
  index: number;
  type: ButtonAction["type"];
  /** End of the link, payload, code, token of the flow, or the product whose picture is shown. */
  value: string;
  /** What a flow's first screen is given, as JSON. */
  data: string;
  /** Left out when it is empty: the template itself says what stands in its place. */
  optional: boolean;
  /** Of a button that shows products: one id on each line. */
  sections: { title: string; products: string }[];
}

export interface CardDraft {
  header: HeaderDraft;
  body: BodyValue[];
  buttons: ButtonDraft[];
}

export function emptyTemplate(): TemplateValues {
  return {
    chosen: "",
    again: false,
    name: "",
    language: "",
    named: false,
    body: [],
    header: emptyHeader("none"),
    buttons: [],
    offer: "",
    cards: [],
    contentSid: "",
    variables: [],
  };
}

export function emptyHeader(type: HeaderDraft["type"]): HeaderDraft {
  return {
    type,
    fixed: false,
    name: "",
    text: "",
    media: emptyMedia(),
    latitude: "",
    longitude: "",
    place: "",
    address: "",
    catalog: "",
    product: "",
  };
}

export function emptyButton(index: number, type: ButtonDraft["type"], optional = false): ButtonDraft {
  return { index, type, value: "", data: "", optional, sections: [{ title: "", products: "" }] };
}

/** The form's values of a template that was sent. */
export function templateValues(use: TemplateUse): TemplateValues {
  const { header, body = [], buttons = [], cards = [], twilio, offer_expires_at } = use;
  const names = [...body, ...cards.flatMap((card) => card.body ?? [])];
  return {
    chosen: "",
    again: true,
    name: use.name,
    language: use.language,
    named: names.some(({ name }) => name) || (header?.type === "text" && Boolean(header.name)),
    body: body.map(bodyValue),
    header: header ? headerDraft(header) : emptyHeader("none"),
    buttons: buttons.map(buttonDraft),
    offer: offer_expires_at ? localTime(new Date(offer_expires_at)) : "",
    cards: cards.map((card) => ({
      header: headerDraft(card.header),
      body: (card.body ?? []).map(bodyValue),
      buttons: (card.buttons ?? []).map(buttonDraft),
    })),
    contentSid: twilio?.content_sid ?? "",
    variables: Object.entries(twilio?.variables ?? {}).map(([name, value]) => ({ name, value })),
  };
}

function bodyValue({ name, text }: TextValue): BodyValue {
  return { name: name ?? "", text };
}

function headerDraft(header: HeaderValue): HeaderDraft {
  const empty = emptyHeader(header.type);
  switch (header.type) {
    case "text":
      return { ...empty, name: header.name ?? "", text: header.text };
    case "image":
    case "video":
    case "document":
      return {
        ...empty,
        media: {
          from: header.link ? "link" : "upload",
          id: header.media_id ?? "",
          uploaded: "",
          link: header.link ?? "",
          filename: header.filename ?? "",
        },
      };
    case "location":
      return {
        ...empty,
        latitude: String(header.latitude),
        longitude: String(header.longitude),
        place: header.name ?? "",
        address: header.address ?? "",
      };
    case "product":
      return { ...empty, catalog: header.catalog_id, product: header.product_id };
  }
}

function buttonDraft(button: ButtonValue): ButtonDraft {
  const empty = emptyButton(button.index, button.type);
  switch (button.type) {
    case "url":
      return { ...empty, value: button.text };
    case "quick_reply":
      return { ...empty, value: button.payload };
    case "copy_code":
      return { ...empty, value: button.code };
    case "flow":
      return {
        ...empty,
        value: button.flow_token ?? "",
        data: button.data ? JSON.stringify(button.data, undefined, 2) : "",
      };
    case "catalog":
      return { ...empty, value: button.thumbnail_product_id };
    case "products":
      return {
        ...empty,
        value: button.thumbnail_product_id,
        sections: button.sections.map(({ title, product_ids }) => ({ title, products: product_ids.join("\n") })),
      };
  }
}

/** A time as `<input type="datetime-local">` writes it: of this place, without a zone. */
function localTime(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The same template for the next message: its shape stays, its values go. */
export function nextTemplate(template: TemplateValues): TemplateValues {
  const { header, body, buttons } = emptied(template);
  return {
    ...template,
    again: false,
    header,
    body,
    buttons,
    offer: "",
    cards: template.cards.map(emptied),
    variables: template.variables.map(({ name }) => ({ name, value: "" })),
  };
}

function emptied({ header, body, buttons }: CardDraft): CardDraft {
  return {
    header: header.fixed ? header : { ...emptyHeader(header.type), name: header.name },
    body: body.map(({ name }) => ({ name, text: "" })),
    buttons: buttons.map(({ index, type, optional }) => emptyButton(index, type, optional)),
  };
}

/**
 * Whether the values go by their names. Of a template that the gateway keeps it turns names into what the provider wants;
 * of one that is named by hand it can't.
 */
export function goesByNames({ chosen, named }: TemplateValues, can: Capabilities | undefined): boolean {
  return named && (chosen !== "" || (can?.templates.named_variables.supported ?? true));
}

/** The content that the form stands for. What the provider lacks is left out; without `can` nothing is. */
export function templateOf(template: TemplateValues, can: Capabilities | undefined): TemplateUse {
  const named = goesByNames(template, can);
  const { variables } = template;
  const header = headerOf(template.header, named);
  const offer = template.offer === "" ? Number.NaN : Date.parse(template.offer);
  return {
    name: template.name.trim(),
    language: template.language.trim(),
    ...(header && { header }),
    ...(template.body.length > 0 && { body: template.body.map((value) => textOf(value, named)) }),
    ...buttonsOf(template.buttons),
    ...(Number.isFinite(offer) && { offer_expires_at: new Date(offer).toISOString() }),
    ...(template.cards.length > 0 && { cards: template.cards.map((card) => cardOf(card, named)) }),
    ...(storesContent(template, can) && {
      twilio: {
        content_sid: template.contentSid.trim(),
        ...(variables.length > 0 && {
          variables: Object.fromEntries(variables.map(({ name, value }) => [name.trim(), value])),
        }),
      },
    }),
  };
}

/** The provider keeps templates under an id, which the gateway knows only of templates it keeps itself. */
export function storesContent({ chosen }: TemplateValues, can: Capabilities | undefined): boolean {
  return chosen === "" && can?.templates.addressing === "content_sid";
}

function textOf({ name, text }: BodyValue, named: boolean): TextValue {
  return named ? { text, name: name.trim() } : { text };
}

function cardOf({ header, body, buttons }: CardDraft, named: boolean): CardValue {
  return {
    // A card without a header is no card; the server says so at its field.
    header: headerOf(header, named) ?? { type: "image" },
    ...(body.length > 0 && { body: body.map((value) => textOf(value, named)) }),
    ...buttonsOf(buttons),
  };
}

/** Whether a button has a place among those that are sent. */
export function isGiven({ optional, value }: ButtonDraft): boolean {
  return !optional || value.trim() !== "";
}

function buttonsOf(drafts: readonly ButtonDraft[]): { buttons?: ButtonValue[] } {
  const given = drafts.filter(isGiven);
  return given.length > 0 ? { buttons: given.map(buttonOf) } : {};
}

function headerOf(header: HeaderDraft, named: boolean): HeaderValue | undefined {
  const { type, media } = header;
  switch (type) {
    case "none":
      return undefined;
    case "text":
      return { type, ...textOf(header, named) };
    case "image":
    case "video":
    case "document":
      return {
        type,
        ...(media.from === "upload" ? media.id && { media_id: media.id } : { link: media.link.trim() }),
        ...(type === "document" && media.filename.trim() && { filename: media.filename.trim() }),
      };
    case "location":
      return {
        type,
        latitude: decimal(header.latitude),
        longitude: decimal(header.longitude),
        ...(header.place.trim() && { name: header.place.trim() }),
        ...(header.address.trim() && { address: header.address.trim() }),
      };
    case "product":
      return { type, catalog_id: header.catalog.trim(), product_id: header.product.trim() };
  }
}

function buttonOf({ index, type, value, data, sections }: ButtonDraft): ButtonValue {
  switch (type) {
    case "url":
      return { index, type, text: value };
    case "quick_reply":
      return { index, type, payload: value };
    case "copy_code":
      return { index, type, code: value };
    case "flow": {
      const given = objectOf(data);
      return { index, type, ...(value.trim() && { flow_token: value.trim() }), ...(given && { data: given }) };
    }
    case "catalog":
      return { index, type, thumbnail_product_id: value.trim() };
    case "products":
      return {
        index,
        type,
        thumbnail_product_id: value.trim(),
        sections: sections.map(({ title, products }) => ({ title: title.trim(), product_ids: linesOf(products) })),
      };
  }
}

/** A number with a point or a comma; NaN when it is none. */
export function decimal(typed: string): number {
  return typed.trim() === "" ? Number.NaN : Number(typed.trim().replace(",", "."));
}

/** The object that a JSON text holds; none when it holds anything else. */
export function objectOf(json: string): Record<string, never> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, never>)
      : undefined;
  } catch {
    return undefined;
  }
}

export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
