import { expect, test } from "vitest";
import type { TemplateDefinition, TemplateView } from "../../../api/schema.gen";
import { canBeChosen, filledFace, valuesFor } from "./known";
import { nextTemplate, templateOf, templateValues } from "./template-values";

const at = "2026-11-22T10:00:00.000000Z";

const definition: TemplateDefinition = {
  name: "summer_offer",
  language: "en",
  category: "marketing",
  parameter_format: "named",
  header: { type: "text", text: "For {{first_name}}", samples: [{ name: "first_name", text: "Ada" }] },
  body: { text: "Hi {{first_name}}, {{code}} saves money, {{first_name}}." },
  footer: "Acme",
  buttons: [
    { type: "quick_reply", text: "No more offers" },
    { type: "url", text: "Shop", url: "https://acme.example/{{1}}", sample: "t" },
    { type: "phone_number", text: "Call", phone_number: "+447700900123" },
    { type: "copy_code", sample: "SUN15" },
  ],
  cards: [
    { header: { type: "image", link: "https://acme.example/a.png" }, body: { text: "Only {{price}}" } },
    { header: { type: "image", link: "https://acme.example/b.png", fixed: true } },
  ],
};

const view: TemplateView = {
  id: "t1",
  name: "summer_offer",
  language: "en",
  category: "marketing",
  parameter_format: "named",
  definition,
  variables: [],
  registrations: [
    {
      provider: "direct",
      account: "300000000000001",
      channel_ids: ["c1"],
      status: "approved",
      category: "marketing",
      sendable: true,
      current: true,
      lost: [],
      status_at: at,
    },
  ],
  created_at: at,
  updated_at: at,
};

test("a template asks for the values that it has places for, and nothing else", () => {
  const values = valuesFor(view);
  expect(values.header).toMatchObject({ type: "text", name: "first_name" });
  expect(values.body.map(({ name }) => name)).toEqual(["first_name", "code"]);
  expect(values.buttons.map(({ index, type, optional }) => [index, type, optional])).toEqual([
    [0, "quick_reply", true],
    [1, "url", false],
    [3, "copy_code", false],
  ]);
  expect(values.cards.map(({ header, body }) => [header.type, body.map(({ name }) => name)])).toEqual([
    ["image", ["price"]],
    ["image", []],
  ]);
});

test("the fixed medium of a card goes with the message and is not asked for", () => {
  const [, fixed] = valuesFor(view).cards;
  expect(fixed?.header.fixed).toBe(true);
  expect(templateOf(nextTemplate(valuesFor(view)), undefined).cards?.[1]).toEqual({
    header: { type: "image", link: "https://acme.example/b.png" },
  });
  const uploaded = { type: "video", media_id: "0199f2a0-0000-7000-8000-000000000001", fixed: true } as const;
  const own = { ...view, definition: { ...definition, cards: [{ header: uploaded }] } };
  expect(templateOf(valuesFor(own), undefined).cards).toEqual([
    { header: { type: "video", media_id: uploaded.media_id } },
  ]);
  // What only the provider keeps can't be sent: another medium is asked for.
  const kept = {
    ...view,
    definition: { ...definition, cards: [{ header: { type: "image", handle: "4::a", fixed: true } as const }] },
  };
  expect(valuesFor(kept).cards[0]?.header).toMatchObject({ type: "image", fixed: false });
});

test("sent again, the values that a message had stand in their places", () => {
  const use = {
    name: "summer_offer",
    language: "en",
    header: { type: "text", text: "Ada", name: "first_name" } as const,
    body: [
      { text: "SUN15", name: "code" },
      { text: "Ada", name: "first_name" },
    ],
    buttons: [
      { index: 1, type: "url", text: "sale" } as const,
      { index: 3, type: "copy_code", code: "SUN15" } as const,
    ],
  };
  const again = templateOf(valuesFor(view, templateValues(use)), undefined);
  expect(again).toMatchObject({ header: use.header, buttons: use.buttons });
  expect(again.body).toEqual([
    { text: "Ada", name: "first_name" },
    { text: "SUN15", name: "code" },
  ]);
});

test("a known template is seen in its own words, and a value that lacks keeps its braces", () => {
  const values = valuesFor(view);
  const [name] = values.body;
  if (name) {
    name.text = "Ada";
  }
  const say = ((key: string) => key) as never;
  const face = filledFace(definition, values, { domain: say, compose: say });
  expect(face.body).toBe("Hi Ada, {{code}} saves money, Ada.");
  expect(face.header).toEqual({ text: "For {{first_name}}" });
  expect(face.footer).toBe("Acme");
  expect(face.buttons?.map(({ label }) => label)).toEqual(["No more offers", "Shop", "Call", "face.copyCode"]);
  expect(face.cards?.map(({ body, header }) => [body, header?.media?.link])).toEqual([
    ["Only {{price}}", undefined],
    [undefined, "https://acme.example/b.png"],
  ]);
});

test("the end of a button's link is taken as it is typed, and keeps its braces as long as there is none", () => {
  const say = ((key: string) => key) as never;
  const values = valuesFor(view);
  const url = () => filledFace(definition, values, { domain: say, compose: say }).buttons?.[1]?.url;
  expect(url()).toBe("https://acme.example/{{1}}");
  const [, typed] = values.buttons;
  if (typed) {
    typed.value = "$&$1/sale";
  }
  expect(url()).toBe("https://acme.example/$&$1/sale");
});

test("only what the channel can send is offered; as long as none is known, what the provider can", () => {
  const provider = "direct";
  expect(canBeChosen(view, { provider, channel: "c1" })).toBe(true);
  expect(canBeChosen(view, { provider, channel: "c2" })).toBe(false);
  expect(canBeChosen(view, { provider, channel: undefined })).toBe(true);
  expect(canBeChosen(view, { provider: "twilio", channel: undefined })).toBe(false);
  expect(canBeChosen({ ...view, category: "authentication" }, { provider, channel: "c1" })).toBe(false);
  const [registration] = view.registrations;
  const stopped = { ...view, registrations: registration ? [{ ...registration, sendable: false }] : [] };
  expect(canBeChosen(stopped, { provider, channel: "c1" })).toBe(false);
});
