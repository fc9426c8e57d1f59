import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { SendMessage } from "../../../api/schema.gen";
import compose from "../../../i18n/locales/en/compose.json";
import domain from "../../../i18n/locales/en/domain.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { composeSearch } from "../search";
import { ComposePage } from "./compose-page";

const server = testServer();

speakEnglish({ compose, domain, ui });

const figure = (value: number) => ({ value, source: "here", checked_on: "2026-11-22" });
const no = { supported: false, source: "here", checked_on: "2026-11-22" };

/** A provider that keeps templates under an id of its own. */
const can = {
  provider: "twilio",
  outbound: [],
  parts: [],
  text: { max_chars: figure(1600), preview_switch: no },
  templates: {
    addressing: "content_sid",
    named_variables: no,
    max_name_chars: figure(512),
    max_value_chars: figure(1024),
    max_variables: figure(100),
    max_buttons: figure(10),
    max_blanks_in_a_row: figure(4),
    max_coupon_chars: figure(15),
    min_cards: figure(2),
    max_cards: figure(10),
  },
};

const template = {
  id: "t1",
  name: "order_shipped",
  language: "en",
  category: "utility",
  parameter_format: "positional",
  definition: {
    name: "order_shipped",
    language: "en",
    category: "utility",
    body: { text: "Hello {{1}}, order {{2}} has left our warehouse." },
    buttons: [{ type: "url", text: "Track it", url: "https://acme.example/{{1}}", sample: "t/9" }],
  },
  variables: [],
  registrations: [
    {
      provider: "twilio",
      account: "AC1",
      channel_ids: ["c1"],
      status: "approved",
      category: "utility",
      sendable: true,
      current: true,
      lost: [],
      status_at: at,
    },
  ],
  created_at: at,
  updated_at: at,
};

let sent: SendMessage[];

beforeEach(() => {
  sent = [];
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({
        data: [{ id: "c1", provider: "twilio", name: "Support", state: "active", is_default: true }],
      }),
    ),
    http.get(`${origin}/api/v1/providers/twilio`, () => HttpResponse.json({ capabilities: can })),
    http.get(`${origin}/api/v1/conversations/window`, () => HttpResponse.json({ state: "unknown" })),
    http.get(`${origin}/api/v1/templates`, () => HttpResponse.json({ data: [template] })),
    http.get(`${origin}/api/v1/messages/m1`, () => HttpResponse.json({}, { status: 404 })),
    http.post<never, SendMessage>(`${origin}/api/v1/messages`, async ({ request }) => {
      const body = await request.json();
      sent.push(body);
      return HttpResponse.json(
        {
          id: "m1",
          direction: "outbound",
          channel_id: "c1",
          person: body.to,
          content: body.content,
          state: "queued",
          attempts: 0,
          run_at: at,
          created_at: at,
        },
        { status: 202 },
      );
    }),
  );
});

function show(search: string) {
  return showPage({
    name: "compose",
    component: ComposePage,
    validateSearch: composeSearch,
    search,
    provider: "twilio",
    scopes: ["messages:write", "templates:read"],
  });
}

test("a link chooses its template", async () => {
  show("?template=t1");
  await screen.findByRole("textbox", { name: "Value 2" });
  expect(screen.getByRole("combobox", { name: "Template" })).toHaveDisplayValue("order_shipped · en");
});

test("a link whose template is gone leaves the form by hand, with the id that the provider wants", async () => {
  show("?template=t9");
  await screen.findByRole("textbox", { name: "Content SID" });
  expect(screen.getByRole("combobox", { name: "Template" })).toHaveDisplayValue("Another template, by its name");
});

test("a template that the gateway keeps is chosen, filled and seen in its own words", async () => {
  const { user } = show("?to=%2B447700900123");
  await user.selectOptions(await screen.findByRole("combobox", { name: "Kind of message" }), "Template");
  await user.selectOptions(await screen.findByRole("combobox", { name: "Template" }), "order_shipped · en");
  expect(screen.queryByRole("textbox", { name: "Content SID" })).toBeNull();

  await user.click(screen.getByRole("button", { name: "Send message" }));
  const first = screen.getByRole("textbox", { name: "Value 1" });
  await expect.poll(() => first.getAttribute("aria-invalid")).toBe("true");
  await user.type(first, "Ada");
  await user.type(screen.getByRole("textbox", { name: "Value 2" }), "77");
  await user.type(screen.getByRole("textbox", { name: "Button “Track it”: end of its link" }), "t/77");
  expect(screen.getByRole("region", { name: "Preview" })).toHaveTextContent(
    "Hello Ada, order 77 has left our warehouse.",
  );

  await user.click(screen.getByRole("button", { name: "Send message" }));
  await screen.findByRole("link", { name: "See its story" });
  expect(sent).toEqual([
    {
      to: "+447700900123",
      content: {
        type: "template",
        name: "order_shipped",
        language: "en",
        body: [{ text: "Ada" }, { text: "77" }],
        buttons: [{ index: 0, type: "url", text: "t/77" }],
      },
    },
  ]);
});
