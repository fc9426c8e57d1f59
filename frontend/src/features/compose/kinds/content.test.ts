import { describe, expect, test } from "vitest";
import type { Content } from "../../../api/schema.gen";
import { contentOfDraft, draftOf, keptIn } from "./content";
import { type Draft, emptyDraft, type PartedKind, parts } from "./parts";
import { placeOf, stillWrong } from "./paths";

const link = "https://acme.example/1.jpg";

/** One of each kind with everything that the form asks for. A kind without one does not compile. */
const samples: { [K in PartedKind]: Extract<Content, { type: K }> } = {
  image: { type: "image", media_id: "0199f2a0-0000-7000-8000-000000000001", caption: "Front\nview" },
  video: { type: "video", link, caption: "Demo" },
  audio: { type: "audio", link, voice: true },
  document: { type: "document", link, filename: "inv-77.pdf", caption: "Invoice" },
  sticker: { type: "sticker", link },
  location: { type: "location", latitude: 51.5034, longitude: -0.1276, name: "Acme shop", address: "1 Example Street" },
  contacts: {
    type: "contacts",
    contacts: [
      {
        name: { formatted_name: "Ada Byron", first_name: "Ada" },
        org: { company: "Acme" },
        phones: [{ phone: "+447700900456", wa_id: "447700900456" }],
        emails: [{ email: "ada@acme.example" }],
      },
    ],
  },
  reaction: { type: "reaction", message_id: "0199f2a0-0000-7000-8000-000000000002", emoji: "" },
  reply_buttons: {
    type: "reply_buttons",
    header: { type: "document", link, filename: "a.pdf" },
    body: "Keep Friday?",
    footer: "Acme",
    buttons: [{ id: "keep", title: "Keep" }],
  },
  list: {
    type: "list",
    header: "Slots",
    body: "Choose one",
    footer: "Acme",
    button: "Slots",
    sections: [
      { title: "Morning", rows: [{ id: "1", title: "10:00", description: "Room 1" }] },
      { title: "Evening", rows: [{ id: "2", title: "18:00" }] },
    ],
  },
  cta_url: { type: "cta_url", header: { type: "text", text: "Parcel" }, body: "Track it", button: "Track", url: link },
  flow: {
    type: "flow",
    body: "Book a visit",
    button: "Book",
    flow_id: "800000000000001",
    flow_token: "gw-77",
    action: "navigate",
    screen: "FIRST",
    data: { city: "London" } as object as Record<string, never>,
    draft: true,
  },
  location_request: { type: "location_request", body: "Where are you?" },
  address_request: {
    type: "address_request",
    body: "Where to?",
    country: "IN",
    values: { in_pin_code: "400063" } as object as Record<string, never>,
  },
  product: { type: "product", body: "As asked", footer: "Acme", catalog_id: "9", product_id: "sku-1" },
  product_list: {
    type: "product_list",
    header: "Teas",
    body: "Our picks",
    catalog_id: "9",
    sections: [{ title: "Green", product_ids: ["sku-1", "sku-2"] }],
  },
  catalog: { type: "catalog", body: "Browse", thumbnail_product_id: "sku-1" },
  carousel: {
    type: "carousel",
    body: "New in",
    cards: [
      { type: "url", header: { type: "image", link }, body: "Sencha", button: "Buy", url: link },
      { type: "reply_buttons", header: { type: "video", link }, buttons: [{ id: "a", title: "Assam" }] },
      { type: "product", catalog_id: "9", product_id: "sku-1" },
    ],
  },
  one_time_code: { type: "one_time_code", name: "login_code", language: "en_US", code: "493817" },
};

describe.each(Object.values(samples))("$type", (content) => {
  test("goes into the form and comes out again", () => {
    expect(contentOfDraft(content.type, draftOf(content))).toEqual(content);
  });

  test("an empty form names nothing that is optional", () => {
    const empty = contentOfDraft(content.type, emptyDraft(parts[content.type]));
    const optional = parts[content.type].filter((part) => part.optional && part.name !== "emoji");
    expect(optional.filter(({ name }) => name in empty)).toEqual([]);
  });
});

test("what is no number and no JSON goes as it was typed, for the server to name", () => {
  const place = { ...emptyDraft(parts.location), latitude: "51,5", longitude: "west" };
  expect(contentOfDraft("location", place)).toEqual({ type: "location", latitude: 51.5, longitude: "west" });
  const request = { ...emptyDraft(parts.address_request), body: "Where?", country: "IN", values: "{" };
  expect(contentOfDraft("address_request", request)).toMatchObject({ values: "{" });
});

test("a card that is sent again keeps what the form does not ask for", () => {
  const card: Extract<Content, { type: "contacts" }> = {
    type: "contacts",
    contacts: [
      {
        name: { formatted_name: "Dr Ada Byron", first_name: "Ada", last_name: "Byron", prefix: "Dr" },
        org: { company: "Acme", title: "Engineer" },
        phones: [{ phone: "+447700900456", wa_id: "447700900456", type: "WORK" }],
        emails: [{ email: "ada@acme.example", type: "WORK" }],
        addresses: [{ city: "London", type: "HOME" }],
        urls: [{ url: "https://acme.example" }],
        birthday: "1815-12-10",
      },
    ],
  };
  const draft = draftOf(card);
  expect(contentOfDraft("contacts", draft)).toEqual(card);
  const [row = {}] = draft["contacts"] as Draft[];
  expect(keptIn(row)).toEqual(["name.last_name", "name.prefix", "org.title", "addresses", "urls", "birthday"]);
  const renamed = contentOfDraft("contacts", { contacts: [{ ...row, "name.first_name": "Augusta" }] });
  expect(renamed).toMatchObject({ contacts: [{ name: { first_name: "Augusta", last_name: "Byron" } }] });
});

test("a complaint goes with what it was about", () => {
  const before = draftOf(samples.list);
  const said = { body: "no", "sections[0].title": "no", "sections[1].rows[0].title": "no", button: "no" };
  const [, evening] = before["sections"] as Draft[];
  expect(stillWrong(said, parts.list, before, { ...before, body: "Choose now" })).toEqual({
    "sections[0].title": "no",
    "sections[1].rows[0].title": "no",
    button: "no",
  });
  // The second section is the first now, and its rows are those that were not complained of.
  expect(stillWrong(said, parts.list, before, { ...before, sections: [evening ?? {}] })).toEqual({
    body: "no",
    button: "no",
  });
});

test("what is not asked for any more is left out", () => {
  const draft: Draft = { ...draftOf(samples.flow), action: "data_exchange" };
  const content = contentOfDraft("flow", draft);
  expect(content).not.toHaveProperty("screen");
  expect(content).not.toHaveProperty("data");
});

describe("a complaint stands", () => {
  const at = (kind: PartedKind, path: string, draft: Draft = draftOf(samples[kind])) =>
    placeOf(path, parts[kind], draft);

  test("at its field, however deep", () => {
    expect(at("list", "sections[1].rows[0].title")).toBe("sections[1].rows[0].title");
    expect(at("contacts", "contacts[0].name.formatted_name")).toBe("contacts[0].name.formatted_name");
    expect(at("carousel", "cards[0].header.link")).toBe("cards[0].header.link");
    expect(at("image", "media_id")).toBe("media_id");
    expect(at("image", "link")).toBe("link");
  });

  test("around it when the form does not show so much", () => {
    expect(at("product_list", "sections[0].product_ids[1]")).toBe("sections[0].product_ids");
    expect(at("contacts", "contacts[0].birthday")).toBe("contacts");
    expect(at("address_request", "values.in_pin_code")).toBe("values");
    expect(at("carousel", "cards[2].header.type")).toBe("cards");
  });

  test("nowhere when nothing of it is shown", () => {
    expect(at("image", "filename")).toBeUndefined();
    expect(at("flow", "screen", { ...draftOf(samples.flow), action: "data_exchange" })).toBeUndefined();
  });
});
