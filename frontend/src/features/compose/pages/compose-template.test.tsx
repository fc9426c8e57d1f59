import { cleanup, screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { keys } from "../../../api/keys";
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
let known: unknown[];
let refusal: { field: string; code: string; message: string } | undefined;

beforeEach(() => {
  sent = [];
  known = [template];
  refusal = undefined;
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({
        data: [{ id: "c1", provider: "twilio", name: "Support", state: "active", is_default: true }],
      }),
    ),
    http.get(`${origin}/api/v1/providers/twilio`, () => HttpResponse.json({ capabilities: can })),
    http.get(`${origin}/api/v1/templates`, () => HttpResponse.json({ data: known })),
    http.get(`${origin}/api/v1/messages/m1`, () => HttpResponse.json({}, { status: 404 })),
    http.post<never, SendMessage>(`${origin}/api/v1/messages`, async ({ request }) => {
      const body = await request.json();
      sent.push(body);
      if (refusal) {
        const problem = { type: "", title: "No", code: "validation_failed", request_id: "r1", errors: [refusal] };
        return HttpResponse.json(problem, { status: 422 });
      }
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

test("values of a named template go by their names, whatever the provider calls them", async () => {
  const body = { text: "Hello {{first_name}}." };
  known = [{ ...template, parameter_format: "named", definition: { ...template.definition, body, buttons: [] } }];
  const { user } = show("?template=t1&to=%2B447700900123");
  await user.type(await screen.findByRole("textbox", { name: "first_name" }), "Ada");
  await user.click(screen.getByRole("button", { name: "Send message" }));
  await screen.findByRole("link", { name: "See its story" });
  expect(sent.at(-1)?.content).toMatchObject({ body: [{ name: "first_name", text: "Ada" }] });
});

test("only templates that stand at the channel's account are offered, and the provider's refusal is told at the choice", async () => {
  const body = { text: "Hello." };
  const [registration] = template.registrations;
  const elsewhere = [{ ...registration, account: "AC2", channel_ids: ["c2"] }];
  known = [
    { ...template, definition: { ...template.definition, body, buttons: [] } },
    { ...template, id: "t2", name: "order_paid", registrations: elsewhere },
  ];
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({
        data: [
          { id: "c1", provider: "twilio", name: "Support", state: "active", is_default: true },
          { id: "c2", provider: "twilio", name: "Sales", state: "active", is_default: false },
        ],
      }),
    ),
  );
  refusal = { field: "content.name", code: "not_found", message: "this account has no such template" };
  const { user } = show("?template=t1&to=%2B447700900123");
  const choice = await screen.findByRole("combobox", { name: "Template" });
  const offered = () => [...choice.querySelectorAll("option")].map(({ textContent }) => textContent);
  expect(offered()).toEqual(["order_shipped · en", "Another template, by its name"]);
  await user.click(screen.getByRole("button", { name: "Send message" }));
  await expect.poll(() => document.activeElement).toBe(choice);
  expect(choice).toHaveAccessibleDescription("this account has no such template");

  await user.selectOptions(choice, "Another template, by its name");
  await user.selectOptions(screen.getByRole("combobox", { name: "Channel" }), "c2");
  expect(offered()).toEqual(["order_paid · en", "Another template, by its name"]);
});

const another = { ...template, id: "t2", name: "order_paid" };
const chosen = () => screen.getByRole("combobox", { name: "Template" });

test("what is typed of another template stays while the list of templates changes", async () => {
  const { user, client } = show("?template=t1");
  await screen.findByRole("textbox", { name: "Value 2" });
  await user.selectOptions(chosen(), "Another template, by its name");
  await user.type(screen.getByRole("textbox", { name: "Template name" }), "order_shipped");
  await user.type(screen.getByRole("textbox", { name: "Language" }), "en");
  const sid = screen.getByRole("textbox", { name: "Content SID" });
  await user.type(sid, "HX1");
  known = [template, another];
  await client.invalidateQueries({ queryKey: keys.of("w1", "templates") });
  await screen.findByRole("option", { name: "order_paid · en" });
  expect(sid).toBeVisible();
  expect(sid).toHaveValue("HX1");
  expect(chosen()).toHaveDisplayValue("Another template, by its name");
});

test("a chosen template that is deleted meanwhile stays as what is typed by hand", async () => {
  known = [another, template];
  const { user, client } = show("?template=t1");
  await user.type(await screen.findByRole("textbox", { name: "Value 1" }), "Ada");
  known = [another];
  await client.invalidateQueries({ queryKey: keys.of("w1", "templates") });
  expect(await screen.findByRole("textbox", { name: "Template name" })).toHaveValue("order_shipped");
  expect(screen.getByRole("textbox", { name: "Value 1" })).toHaveValue("Ada");
  expect(chosen()).toHaveDisplayValue("Another template, by its name");
});

test("a message that is sent again becomes its template's form once, and not over what is typed", async () => {
  let broken = true;
  const content = { type: "template", name: "order_shipped", language: "en", body: [{ text: "Ada" }, { text: "77" }] };
  server.use(
    http.get(`${origin}/api/v1/messages/m0`, () =>
      HttpResponse.json({ id: "m0", direction: "outbound", channel_id: "c1", person: "+447700900123", content }),
    ),
    http.get(`${origin}/api/v1/templates`, () =>
      broken
        ? HttpResponse.json({ code: "busy", title: "Busy", errors: [] }, { status: 503 })
        : HttpResponse.json({ data: known }),
    ),
  );
  const first = show("?from=m0");
  const sid = await screen.findByRole("textbox", { name: "Content SID" });
  await first.user.type(sid, "HX1");
  broken = false;
  await first.user.click(screen.getByRole("button", { name: "Retry" }));
  await screen.findByRole("option", { name: "order_shipped · en" });
  expect(sid).toHaveValue("HX1");

  cleanup();
  const { user } = show("?from=m0");
  await waitFor(() => expect(chosen()).toHaveDisplayValue("order_shipped · en"));
  expect(screen.getByRole("textbox", { name: "Value 2" })).toHaveValue("77");
  await user.selectOptions(screen.getByRole("combobox", { name: "Kind of message" }), "text");
  await user.selectOptions(screen.getByRole("combobox", { name: "Kind of message" }), "template");
  expect(chosen()).toHaveDisplayValue("order_shipped · en");
});

test("a link to a one-time code's template begins with the code", async () => {
  known = [
    template,
    { ...template, id: "t2", name: "login_code", language: "en_US", category: "authentication" },
    {
      ...template,
      id: "t3",
      name: "other_code",
      category: "authentication",
      registrations: [{ ...template.registrations[0], account: "AC2", channel_ids: ["c2"] }],
    },
  ];
  const { user } = show("?template=t2&to=%2B447700900123");
  const code = await screen.findByRole("textbox", { name: "Code" });
  const choice = screen.getByRole("combobox", { name: "Template" });
  expect(choice).toHaveDisplayValue("login_code · en_US");
  expect([...choice.querySelectorAll("option")].map(({ textContent }) => textContent)).not.toContain("other_code · en");
  await user.selectOptions(choice, "Another template, by its name");
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("");
  await user.selectOptions(choice, "login_code · en_US");
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("login_code");
  await user.type(code, "493817");
  await user.click(screen.getByRole("button", { name: "Send message" }));
  await screen.findByRole("link", { name: "See its story" });
  expect(sent.at(-1)?.content).toEqual({
    type: "one_time_code",
    name: "login_code",
    language: "en_US",
    code: "493817",
  });
});

test("as long as the templates can't be had, the link's is named by hand, and everything typed is sent", async () => {
  let broken = true;
  server.use(
    http.get(`${origin}/api/v1/templates`, () =>
      broken
        ? HttpResponse.json({ code: "busy", title: "Busy", errors: [] }, { status: 503 })
        : HttpResponse.json({ data: known }),
    ),
  );
  const { user } = show("?template=t1&to=%2B447700900123");
  const sid = await screen.findByRole("textbox", { name: "Content SID" });
  await user.click(screen.getByRole("button", { name: "Send message" }));
  await expect.poll(() => sid.getAttribute("aria-invalid")).toBe("true");
  broken = false;
  await user.click(screen.getByRole("button", { name: "Retry" }));
  expect(await screen.findByRole("textbox", { name: "Value 2" })).toBeVisible();
  expect(screen.getByRole("combobox", { name: "Template" })).toHaveDisplayValue("order_shipped · en");
});
