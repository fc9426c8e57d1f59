import { expect, test } from "vitest";
import type { Capabilities, Content } from "../../api/schema.gen";
import { faultsOf } from "./faults";
import { keyFor } from "./request-key";
import { fieldOf, sortErrors } from "./server-errors";
import { bodyOf, contentOf, emptyValues, nextValues, valuesOf } from "./values";

const ground = { source: "here", checked_on: "2026-11-22" };
const figure = (value: number) => ({ value, ...ground });
type Can = Pick<Capabilities, "text" | "templates">;

/** A provider that keeps templates under an id of its own and numbers their variables. */
const storing: Can = {
  text: { max_chars: figure(10), preview_switch: { supported: false, ...ground } },
  templates: {
    addressing: "content_sid",
    named_variables: { supported: false, ...ground },
    max_name_chars: figure(512),
    max_value_chars: figure(20),
    max_variables: figure(2),
    max_buttons: figure(10),
    max_blanks_in_a_row: figure(4),
    max_coupon_chars: figure(15),
    min_cards: figure(2),
    max_cards: figure(10),
  },
};
const naming: Can = {
  text: { max_chars: figure(10), preview_switch: { supported: true, ...ground } },
  templates: { ...storing.templates, addressing: "name", named_variables: { supported: true, ...ground } },
};
const withCan = (can: Can) => can as Capabilities;

const template: Content = {
  type: "template",
  name: "order_shipped",
  language: "en_GB",
  header: { type: "document", link: "https://example.com/a.pdf", filename: "a.pdf" },
  body: [
    { text: "Ada", name: "first_name" },
    { text: "77", name: "order" },
  ],
  buttons: [{ index: 1, type: "quick_reply", payload: "help" }],
  twilio: { content_sid: `HX${"0".repeat(32)}`, variables: { "1": "Ada" } },
};

test("a message goes into the form and comes out again", () => {
  const values = valuesOf(template, "+447700900123", "c1");
  expect(contentOf(values, undefined)).toEqual({ ...template, twilio: undefined });
  expect(faultsOf(values, withCan(naming), 0)).toEqual([]);
});

/** Every kind of value that a template can have. */
const full: Content = {
  type: "template",
  name: "summer_offer",
  language: "en",
  header: { type: "location", latitude: 51.5, longitude: -0.12, name: "Shop", address: "1 High Street" },
  buttons: [
    { index: 0, type: "copy_code", code: "SUN15" },
    { index: 1, type: "flow", flow_token: "f1", data: { size: "L" } as never },
    { index: 2, type: "catalog", thumbnail_product_id: "p1" },
    {
      index: 3,
      type: "products",
      thumbnail_product_id: "p1",
      sections: [{ title: "Teas", product_ids: ["p1", "p2"] }],
    },
  ],
  offer_expires_at: "2026-12-24T18:00:00.000Z",
  cards: [
    {
      header: { type: "image", media_id: "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b" },
      body: [{ text: "Green" }],
      buttons: [{ index: 0, type: "url", text: "green" }],
    },
    { header: { type: "product", catalog_id: "c1", product_id: "p2" } },
  ],
};

test("every kind of value goes into the form and comes out again", () => {
  const values = valuesOf(full, "+447700900123", "");
  expect(contentOf(values, undefined)).toEqual(full);
  expect(faultsOf(values, withCan(naming), 0)).toEqual([]);
  const { template: next } = nextValues(values);
  expect(next.cards.map(({ header, body }) => [header.type, header.media.id, body])).toEqual([
    ["image", "", [{ name: "", text: "" }]],
    ["product", "", []],
  ]);
  expect(next.offer).toBe("");
});

test("what a header, a button or a card lacks stands at its field", () => {
  const values = valuesOf(full, "+447700900123", "");
  const [card] = values.template.cards;
  values.template.header.latitude = "north";
  values.template.header.longitude = "";
  values.template.offer = "2026-11-21T00:00";
  for (const button of values.template.buttons) {
    button.data = button.type === "flow" ? "[1]" : "";
    button.sections = [{ title: " ", products: " \n" }];
  }
  if (card) {
    card.header.media = { ...card.header.media, from: "link", link: "http://acme.example/a.png" };
    card.buttons = card.buttons.map((button) => ({ ...button, value: "" }));
  }
  expect(
    faultsOf(values, withCan(naming), Date.parse("2026-11-22T00:00:00Z")).map(
      ({ path, code }) => `${path.join(".")} ${code}`,
    ),
  ).toEqual([
    "template.header.latitude decimal",
    "template.header.longitude required",
    "template.buttons.1.data json",
    "template.buttons.3.sections.0.title required",
    "template.buttons.3.sections.0.products required",
    "template.cards.0.header.media.link link",
    "template.cards.0.buttons.0.value required",
    "template.offer past",
  ]);
});

test("what the provider lacks stays in the form and out of the request", () => {
  const values = { ...valuesOf(template, "+447700900123", ""), text: { body: "Hi", preview: true } };
  expect(contentOf(values, withCan(storing))).toMatchObject({
    body: [{ text: "Ada" }, { text: "77" }],
    twilio: { content_sid: `HX${"0".repeat(32)}`, variables: { "1": "Ada" } },
  });
  expect(contentOf(values, withCan(naming))).not.toHaveProperty("twilio");
  expect(contentOf({ ...values, kind: "text" }, withCan(storing))).toEqual({ type: "text", body: "Hi" });
});

test("a template that the gateway keeps is filled by name even where names can't be sent", () => {
  const values = valuesOf(template, "+447700900123", "");
  const chosen = { ...values, template: { ...values.template, chosen: "t1" } };
  expect(contentOf(chosen, withCan(storing))).toMatchObject({
    body: [
      { text: "Ada", name: "first_name" },
      { text: "77", name: "order" },
    ],
  });
});

test("empty parts are not in the request", () => {
  const values = { ...emptyValues(" +44 7700 900-123 "), text: { body: "Hi", preview: false } };
  expect(bodyOf(values, undefined)).toEqual({ to: "+447700900123", content: { type: "text", body: "Hi" } });
});

test("faults stand at their fields", () => {
  const values = valuesOf(template, "GB.1111222233334444", "");
  values.template.body = [
    { name: "a", text: "" },
    { name: "a", text: "two\nlines" },
    { name: "b", text: "many     blanks" },
  ];
  values.template.contentSid = "HX1";
  values.expires = "2026-01-01T00:00";
  const found = (can: Can) =>
    faultsOf(values, withCan(can), Date.parse("2026-11-22T00:00:00Z")).map(
      ({ path, code }) => `${path.join(".")} ${code}`,
    );
  expect(found(storing)).toEqual([
    "template.body.0.text required",
    "template.body.1.text noBreaks",
    "template.body.2.text blanks",
    "template.contentSid contentSid",
    "template.body.2.text tooManyVariables",
    "expires past",
  ]);
  expect(found(naming)).toContain("template.body.1.name twice");
  expect(found(naming)).not.toContain("template.contentSid contentSid");
});

test("the server's fields are found in the form, and what is not there is told as it is", () => {
  const values = valuesOf(template, "+447700900123", "");
  expect(fieldOf("content.body[1].text", values)).toBe("template.body.1.text");
  expect(fieldOf("content.buttons[0].payload", values)).toBe("template.buttons.0.value");
  expect(fieldOf("content.twilio.variables.1", values, withCan(storing))).toBe("template.variables.0.value");
  const cards = valuesOf(full, "+447700900123", "");
  expect(fieldOf("content.header", cards)).toBe("template.header.type");
  expect(fieldOf("content.header.latitude", cards)).toBe("template.header.latitude");
  expect(fieldOf("content.buttons[3].sections[0].product_ids[1]", cards)).toBe(
    "template.buttons.3.sections.0.products",
  );
  expect(fieldOf("content.cards[0].header.media_id", cards)).toBe("template.cards.0.header.media.id");
  expect(fieldOf("content.cards[0].body[0]", cards)).toBe("template.cards.0.body.0.text");
  expect(fieldOf("content.cards[0].buttons[0].text", cards)).toBe("template.cards.0.buttons.0.value");
  expect(fieldOf("content.cards[2].header", cards)).toBeUndefined();
  expect(fieldOf("content.offer_expires_at", cards)).toBe("template.offer");
  expect(fieldOf("content.body", { ...values, kind: "text" })).toBe("text.body");
  const whole = { field: "content.body", code: "conflict", message: "either all values have names or none has" };
  expect(sortErrors([{ field: "to", code: "invalid_value", message: "no" }, whole], values)).toEqual({
    placed: [{ field: "to", message: "no" }],
    parts: {},
    rest: [whole],
  });
});

test("a complaint about a known template stands at a field that it has, or is told as it is", () => {
  const values = valuesOf(template, "+447700900123", "");
  const known = { ...values, template: { ...values.template, chosen: "t1" } };
  const at = (field: string) => fieldOf(field, known, withCan(storing));
  expect(at("content.name")).toBe("template.chosen");
  expect(at("content.language")).toBe("template.chosen");
  expect(at("content.body[0].name")).toBe("template.body.0.text");
  expect(at("content.header")).toBe("template.header.media.id");
  expect(at("content.header.type")).toBeUndefined();
  expect(at("content.buttons[0].index")).toBeUndefined();
  expect(at("content.twilio")).toBeUndefined();
  const bare = {
    ...known,
    template: { ...known.template, header: { ...known.template.header, type: "none" as const } },
  };
  expect(fieldOf("content.header", bare)).toBeUndefined();
});

test("a complaint about a button stands at the one that was sent in its place", () => {
  const values = valuesOf(template, "+447700900123", "");
  const { template: filled } = values;
  filled.chosen = "t1";
  filled.buttons = [
    { index: 0, type: "quick_reply", value: "", data: "", optional: true, sections: [] },
    { index: 1, type: "url", value: "t/9", data: "", optional: false, sections: [] },
  ];
  expect(contentOf(values, undefined)).toMatchObject({ buttons: [{ index: 1, type: "url", text: "t/9" }] });
  expect(fieldOf("content.buttons[0].text", values)).toBe("template.buttons.1.value");
  expect(fieldOf("content.buttons[1].text", values)).toBeUndefined();
});

test("the next message keeps the person and the way", () => {
  const next = nextValues({ ...valuesOf(template, "+447700900123", "c1"), reference: "order-77" });
  expect(next).toMatchObject({ to: "+447700900123", channel: "c1", kind: "template", reference: "" });
  expect(next.template.body).toEqual([
    { name: "first_name", text: "" },
    { name: "order", text: "" },
  ]);
});

test("a request keeps its key as long as it says the same", () => {
  let made = 0;
  const make = () => `k${++made}`;
  const first = keyFor(undefined, { a: 1 }, make);
  expect(keyFor(first, { a: 1 }, make)).toBe(first);
  expect(keyFor(first, { a: 2 }, make).key).toBe("k2");
});
