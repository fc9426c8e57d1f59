import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { Capabilities, MessageView, Problem, SendMessage } from "../../../api/schema.gen";
import compose from "../../../i18n/locales/en/compose.json";
import domain from "../../../i18n/locales/en/domain.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { composeSearch } from "../search";
import { ComposePage } from "./compose-page";

const server = testServer();

speakEnglish({ compose, domain, ui });

const channel = {
  id: "c1",
  provider: "direct",
  name: "Support",
  state: "active",
  is_default: true,
};

const checked_on = "2026-11-22";
const figure = (value: number) => ({ value, source: "here", checked_on });
const yes = { supported: true, source: "here", checked_on };
const can: Pick<Capabilities, "provider" | "outbound" | "text" | "templates"> = {
  provider: "direct",
  outbound: [
    { kind: "text", verdict: "yes", note: "Words", source: "here", checked_on, stored_content: false },
    { kind: "template", verdict: "yes", note: "Approved words", source: "here", checked_on, stored_content: false },
    {
      kind: "list",
      verdict: "no",
      note: "There are no lists",
      source: "here",
      checked_on,
      instead: { kind: "text", note: "write the choices as text" },
      degrade_to: "text",
      stored_content: false,
    },
  ],
  text: { max_chars: figure(20), preview_switch: yes },
  templates: {
    addressing: "name",
    named_variables: yes,
    max_name_chars: figure(512),
    max_value_chars: figure(1024),
    max_variables: figure(2),
    max_buttons: figure(10),
    max_blanks_in_a_row: figure(4),
    max_coupon_chars: figure(15),
    min_cards: figure(2),
    max_cards: figure(10),
  },
};

interface Asked {
  key: string | null;
  body: SendMessage;
}
let asked: Asked[];
/** What the server says to the requests that come, one after the other; when it has nothing to say, it takes the message. */
let refusals: (Pick<Problem, "code" | "errors"> & { status: number })[];

beforeEach(() => {
  asked = [];
  refusals = [];
  server.use(
    http.get(`${origin}/api/v1/channels`, () => HttpResponse.json({ data: [channel] })),
    http.get(`${origin}/api/v1/providers/direct`, () => HttpResponse.json({ capabilities: can })),
    http.get(`${origin}/api/v1/messages/:id`, ({ params }) => HttpResponse.json(taken(String(params["id"]), earlier))),
    http.post<never, SendMessage>(`${origin}/api/v1/messages`, async ({ request }) => {
      const body = await request.json();
      asked.push({ key: request.headers.get("idempotency-key"), body });
      const refusal = refusals.shift();
      return refusal
        ? HttpResponse.json({ type: "", title: "No", request_id: "r1", ...refusal }, { status: refusal.status })
        : HttpResponse.json(taken("m1", body), { status: 202 });
    }),
  );
});

const earlier: SendMessage = {
  to: "+447700900199",
  content: { type: "template", name: "order_shipped", language: "en", body: [{ text: "Ada" }] },
};

function taken(id: string, { to, content }: SendMessage): MessageView {
  return {
    id,
    direction: "outbound",
    channel_id: "c1",
    person: to,
    content,
    state: "queued",
    attempts: 0,
    run_at: at,
    created_at: at,
  };
}

async function setup(search = "", awaited = "Preview links") {
  const { client, user } = showPage({
    name: "compose",
    component: ComposePage,
    validateSearch: composeSearch,
    search,
    provider: "direct",
    scopes: ["messages:write"],
  });
  const to = await screen.findByLabelText("To");
  await screen.findByLabelText(awaited);
  const write = async (field: HTMLElement, text: string) => {
    await user.clear(field);
    await user.click(field);
    await user.paste(text);
  };
  return { client, user, to, write, send: () => user.click(screen.getByRole("button", { name: "Send message" })) };
}

const message = () => screen.getByRole("textbox", { name: "Message" });

test("what the browser can tell is told before anything is sent, with the provider's own limits", async () => {
  const { to, write, send } = await setup();
  await send();
  expect(to).toHaveFocus();
  expect(to).toHaveAccessibleDescription(expect.stringContaining("Fill this in"));
  await write(to, "07700 900123");
  await write(message(), "x".repeat(21));
  await screen.findByText("At most 20 characters");
  expect(to).toHaveAccessibleDescription(expect.stringContaining("starts with +"));
  expect(asked).toEqual([]);
});

test("the server's complaints stand at their fields; a message that is taken leaves the recipient for the next", async () => {
  const { user, to, write, send } = await setup("?to=%2B9997700900123");
  refusals = [
    {
      status: 422,
      code: "validation_failed",
      errors: [{ field: "to", code: "invalid_value", message: "no country has this calling code" }],
    },
  ];
  await write(message(), "Hi");
  await send();
  await screen.findByText("no country has this calling code");
  expect(to).toHaveFocus();
  expect(message()).toHaveValue("Hi");

  await write(to, "+44 7700 900123");
  await user.click(screen.getByLabelText("Preview links"));
  await user.type(message(), "{Control>}{Enter}{/Control}");
  expect(await screen.findByRole("link", { name: "See its story" })).toHaveAttribute(
    "href",
    "/w/w1/messages?message=m1",
  );
  expect(asked.at(-1)?.body).toEqual({
    to: "+447700900123",
    content: { type: "text", body: "Hi", preview_url: true },
  });
  expect(message()).toHaveValue("");
  expect(message()).toHaveFocus();
  expect(to).toHaveValue("+44 7700 900123");
});

test("news about channels leave what was typed over the address", async () => {
  const { client, to, write } = await setup("?to=%2B447700900123");
  expect(to).toHaveValue("+447700900123");
  await write(to, "+447700900456");
  server.use(
    http.get(`${origin}/api/v1/channels`, () => HttpResponse.json({ data: [{ ...channel, name: "Renamed" }] })),
  );
  await client.invalidateQueries({ queryKey: ["w", "w1", "channels"] });
  await screen.findAllByRole("option", { name: /Renamed/ });
  expect(to).toHaveValue("+447700900456");
});

test("tried again unchanged it keeps its key, changed it gets another", async () => {
  const { to, write, send } = await setup();
  const busy = { status: 503, code: "busy" as const, errors: [] };
  refusals = [busy, busy];
  await write(to, "+447700900123");
  await write(message(), "Hi");
  await send();
  await screen.findByText(/too much to do/);
  await send();
  await screen.findByText(/too much to do/);
  await write(message(), "Hello");
  await send();
  await screen.findByRole("link", { name: "See its story" });
  const [first, second, third] = asked.map(({ key }) => key);
  expect(first).toBe(second);
  expect(third).not.toBe(first);
});

test("sent again, the form begins with what the message was, and sends nothing by itself", async () => {
  const { to } = await setup("?from=m0", "Template name");
  expect(to).toHaveValue("+447700900199");
  expect(screen.getByLabelText("Kind of message")).toHaveValue("template");
  expect(screen.getByLabelText("Template name")).toHaveValue("order_shipped");
  expect(screen.getByLabelText("Value 1")).toHaveValue("Ada");
  expect(asked).toEqual([]);
});
