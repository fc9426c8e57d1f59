import { fireEvent, screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { Capabilities, MessageView, Problem, Scope, SendMessage } from "../../../api/schema.gen";
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
const can: Pick<Capabilities, "provider" | "outbound" | "parts" | "text" | "templates"> = {
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
  parts: [{ part: "reply_to", verdict: "no", note: "Answers come without a quote", source: "here", checked_on }],
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

async function setup(search = "", awaited = "Preview links", scopes: Scope[] = ["messages:write"]) {
  const { client, user } = showPage({
    name: "compose",
    component: ComposePage,
    validateSearch: composeSearch,
    search,
    provider: "direct",
    scopes,
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

test("what the provider does not carry is said where the kind is chosen, and goes as less when that is wanted", async () => {
  const { user, to, write, send } = await setup();
  await write(to, "+447700900123");
  await user.selectOptions(screen.getByLabelText("Kind of message"), "list");
  expect(screen.getByText("There are no lists")).toBeVisible();
  expect(screen.getByText("write the choices as text")).toBeVisible();
  refusals = [
    {
      status: 422,
      code: "validation_failed",
      errors: [
        { field: "content.sections[0].rows[1].title", code: "empty", message: "a row needs a title" },
        { field: "content.sections[0].rows[0].id", code: "empty", message: "a row needs an id" },
      ],
    },
  ];
  await write(screen.getByLabelText("Text"), "Choose a slot");
  await user.click(screen.getByLabelText("Send less where something is missing"));
  await send();
  const titles = screen.getAllByLabelText("Title");
  const wrong = await screen.findByText("a row needs a title");
  expect(titles.at(-1)).toHaveAccessibleDescription("a row needs a title");
  expect(screen.getAllByLabelText("Id that comes back")[0]).toHaveFocus();
  expect(asked.at(-1)?.body).toMatchObject({
    degrade: true,
    content: { type: "list", body: "Choose a slot", sections: [{ rows: [{ id: "" }, { id: "" }] }] },
  });

  // Another kind has other parts, although some have the same names.
  await user.selectOptions(screen.getByLabelText("Kind of message"), "reply_buttons");
  expect(wrong).not.toBeInTheDocument();
});

test("a file that is missing is told where it is chosen, until there is one", async () => {
  const { user, to, write, send } = await setup();
  await write(to, "+447700900123");
  await user.selectOptions(screen.getByLabelText("Kind of message"), "sticker");
  refusals = [
    {
      status: 422,
      code: "validation_failed",
      errors: [{ field: "content.link", code: "invalid_value", message: "give one of the two" }],
    },
  ];
  await send();
  const wrong = await screen.findByText("give one of the two");
  expect(screen.getByRole("button", { name: "Choose a file" })).toHaveFocus();
  expect(screen.getByRole("button", { name: "Choose a file" })).toHaveAccessibleDescription("give one of the two");
  await user.selectOptions(screen.getByLabelText("From"), "Address");
  expect(wrong).not.toBeInTheDocument();
  expect(screen.queryByText("give one of the two")).not.toBeInTheDocument();
});

test("a complaint about what the form does not show is told as it is", async () => {
  const { to, write, send } = await setup();
  await write(to, "+447700900123");
  await write(message(), "Hi");
  // The first has no field, the second one that is not drawn.
  for (const field of ["content.mood", "degrade"]) {
    refusals = [
      { status: 422, code: "validation_failed", errors: [{ field, code: "invalid_value", message: `no ${field}` }] },
    ];
    await send();
    expect(await screen.findByText(new RegExp(`no ${field}`))).toBeInTheDocument();
  }
});

const other = "0199f2a0-0000-7000-8000-000000000009";

test("a reaction names the message it is for", async () => {
  const { to, user, send } = await setup(`?react=${other}`, "Message");
  expect(to).toHaveValue("+447700900199");
  expect(screen.getByLabelText("Kind of message")).toHaveValue("reaction");
  expect(screen.getByText("Reacts to")).toBeInTheDocument();
  expect(await screen.findByText(/order_shipped/, { selector: "blockquote" })).toBeInTheDocument();
  await user.type(screen.getByRole("textbox", { name: /^Emoji/ }), "👍");
  await send();
  await screen.findByRole("link", { name: "See its story" });
  expect(asked.at(-1)?.body.content).toEqual({ type: "reaction", message_id: other, emoji: "👍" });
});

test("an answer quotes the message, and says so when the provider can't", async () => {
  const { write, send } = await setup(`?reply=${other}`);
  expect(screen.getByText("Answers")).toBeInTheDocument();
  expect(await screen.findByText("Answers come without a quote")).toBeInTheDocument();
  await write(message(), "Yes");
  await send();
  await screen.findByRole("link", { name: "See its story" });
  expect(asked.at(-1)?.body).toMatchObject({ to: "+447700900199", reply_to_id: other });
  expect(screen.queryByText("Answers")).not.toBeInTheDocument();
});

test("the page has the focus when the message that was to be answered is taken away", async () => {
  const { user } = await setup(`?reply=${other}`);
  await user.click(screen.getByRole("button", { name: "Don't quote it" }));
  expect(screen.queryByText("Answers")).not.toBeInTheDocument();
  expect(screen.getByRole("heading", { level: 1 })).toHaveFocus();
});

test("a closed window is told before anything is sent, and templates are offered", async () => {
  server.use(
    http.get(`${origin}/api/v1/conversations/window`, () =>
      HttpResponse.json({ channel_id: "c1", provider: "direct", person: "+447700900123", window: { state: "closed" } }),
    ),
  );
  const { user, to, write } = await setup("", "Preview links", ["messages:read", "messages:write"]);
  await write(to, "+447700900123");
  expect(await screen.findByText("The 24-hour window is closed")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Use a template" }));
  expect(await screen.findByLabelText("Template name")).toBeInTheDocument();
  expect(screen.queryByText("The 24-hour window is closed")).not.toBeInTheDocument();
});

test("a message waits for its time on its own terms, and what the server says of them stands at their fields", async () => {
  const { user, to, write, send } = await setup();
  await write(to, "+447700900123");
  await write(message(), "The sale begins");
  await user.click(screen.getByText("More"));
  const sendAt = screen.getByLabelText(/^Not before/);
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
  fireEvent.change(sendAt, { target: { value: inDays(400) } });
  await user.click(screen.getByRole("button", { name: "Schedule message" }));
  expect(await screen.findByText("At most 366 days from now")).toBeInTheDocument();

  fireEvent.change(sendAt, { target: { value: inDays(2) } });
  fireEvent.change(screen.getByLabelText(/^Not after/), { target: { value: inDays(1) } });
  expect(await screen.findByText(/otherwise it would expire first/)).toBeInTheDocument();
  expect(asked).toEqual([]);

  fireEvent.change(screen.getByLabelText(/^Not after/), { target: { value: "" } });
  await user.click(screen.getByLabelText("Send it in quiet hours, too"));
  await user.selectOptions(screen.getByLabelText(/^By the other provider/), "automatic");
  await write(screen.getByLabelText(/^Template at the other provider/), "sale_begins");
  refusals = [
    {
      status: 422,
      code: "validation_failed",
      errors: [{ field: "fallback.template", code: "invalid_value", message: "there is no such template" }],
    },
  ];
  await user.click(screen.getByRole("button", { name: "Schedule message" }));
  expect(await screen.findByText("there is no such template")).toBeInTheDocument();
  expect(screen.getByLabelText(/^Template at the other provider/)).toHaveFocus();

  await write(screen.getByLabelText(/^Template at the other provider/), "sale_starts");
  await user.click(screen.getByRole("button", { name: "Schedule message" }));
  await screen.findByRole("link", { name: "See its story" });
  const sent = asked.at(-1)?.body;
  expect(sent).toMatchObject({
    ignore_quiet_hours: true,
    fallback: { mode: "automatic", template: "sale_starts" },
  });
  expect(sent?.send_at).toBe(new Date(inDays(2)).toISOString());
  expect(sent).not.toHaveProperty("expires_at");
  // The next one goes at once again.
  await write(message(), "Hi");
  await send();
  await waitFor(() => expect(asked.at(-1)?.body.content).toEqual({ type: "text", body: "Hi" }));
  expect(Object.keys(asked.at(-1)?.body ?? {})).toEqual(["to", "content"]);
});
