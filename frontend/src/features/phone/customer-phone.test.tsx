import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { HttpResponse, http } from "msw";
import { initReactI18next } from "react-i18next";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Bubble, Membership } from "../../api/schema.gen";
import { WorkspaceProvider } from "../../api/workspace";
import domain from "../../i18n/locales/en/domain.json";
import phone from "../../i18n/locales/en/phone.json";
import ui from "../../i18n/locales/en/ui.json";
import { origin, testServer } from "../../test/server";
import { CustomerPhone } from "./customer-phone";
import type { Thread } from "./model";

const server = testServer();
const at = "2026-11-22T10:00:00.000000Z";
const membership: Membership = {
  workspace: {
    id: "w1",
    name: "Main",
    environment: "sandbox",
    whatsapp_provider: "twilio",
    created_at: at,
    updated_at: at,
  },
  role: "owner",
  scopes: ["sandbox:write"],
};
const thread: Thread = {
  channel: "c1",
  provider: "twilio",
  customer: "+447700900123",
  name: "Ada",
  sender: "+15550001111",
  windowOpen: true,
  messages: [
    {
      provider_message_id: "SM1",
      direction: "outbound",
      text: "Your parcel",
      content: { kind: "text", text: "Your parcel" },
      status: "read",
      at,
      typing: false,
      forwarded: "no",
      referred: false,
      edited: false,
      deleted: false,
    },
  ],
  hasEarlier: false,
};

/** Whether the provider hands orders on. */
let orders: "yes" | "no";

beforeEach(() => {
  orders = "no";
  server.use(
    http.get(`${origin}/api/v1/providers/twilio`, () =>
      HttpResponse.json({ capabilities: { inbound: [{ kind: "order", verdict: orders }] } }),
    ),
  );
});

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: "en",
    resources: { en: { phone, domain, ui } },
    interpolation: { escapeValue: false },
  });
});

test("an answer keeps its words when it is refused, and goes with what it answers", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post(`${origin}/api/v1/sandbox/replies`, async ({ request }) => {
      asked.push(await request.json());
      return asked.length === 1
        ? HttpResponse.json({ code: "busy", title: "Too busy", errors: [] }, { status: 503 })
        : HttpResponse.json({ provider_message_id: "SM2", delivered: true }, { status: 201 });
    }),
  );
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WorkspaceProvider membership={membership}>
        <CustomerPhone thread={thread} />
      </WorkspaceProvider>
    </QueryClientProvider>,
  );
  const field = screen.getByLabelText("Message");
  const send = screen.getByRole("button", { name: "Send answer" });

  await user.click(send);
  expect(field).toHaveAccessibleDescription("Write something first.");

  await user.click(screen.getByRole("button", { name: "Answer this" }));
  expect(field).toHaveFocus();
  await user.type(field, "Thank you!");
  await user.click(send);
  expect(await screen.findByText("Too busy")).toBeVisible();
  expect(field).toHaveValue("Thank you!");

  await user.click(send);
  await expect.poll(() => field).toHaveValue("");
  expect(asked.at(-1)).toEqual({
    channel_id: "c1",
    from: "+447700900123",
    content: { kind: "text", text: "Thank you!" },
    reply_to: "SM1",
  });
  expect(screen.queryByRole("button", { name: "Don't quote" })).toBeNull();
});

const arrived = (id: string, content: Bubble["content"], more: Partial<Bubble> = {}): Bubble => ({
  provider_message_id: id,
  direction: "outbound",
  text: id,
  content,
  status: "delivered",
  at,
  typing: false,
  forwarded: "no",
  referred: false,
  edited: false,
  deleted: false,
  ...more,
});

test("what can be pressed, picked, filled in, reacted to and changed on the phone is sent as the customer's", async () => {
  const asked: { content: unknown; reply_to?: string }[] = [];
  server.use(
    http.post<never, { content: unknown; reply_to?: string }>(
      `${origin}/api/v1/sandbox/replies`,
      async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json({ provider_message_id: "SM9", delivered: true }, { status: 201 });
      },
    ),
  );
  const messages = [
    arrived("buttons", { kind: "buttons", body: "Keep?", buttons: [{ type: "reply", text: "Keep", id: "keep" }] }),
    arrived("list", {
      kind: "list",
      body: "Choose",
      button: "Slots",
      sections: [{ rows: [{ id: "slot:1", title: "10:00" }] }],
    }),
    arrived("flow", { kind: "flow", body: "Book", buttons: [{ type: "flow", text: "Book now" }] }),
    arrived("words", { kind: "text", text: "Is it ready?" }, { direction: "inbound", text: "Is it ready?" }),
    arrived("liked", { kind: "reaction", message_id: "words", emoji: "🎉" }),
  ];
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WorkspaceProvider membership={membership}>
        <CustomerPhone thread={{ ...thread, messages }} />
      </WorkspaceProvider>
    </QueryClientProvider>,
  );
  const last = () => expect.poll(() => asked.at(-1));

  await user.click(screen.getByRole("button", { name: "Keep" }));
  await last().toMatchObject({ content: { kind: "button_reply", id: "keep" }, reply_to: "buttons" });
  await user.click(screen.getByText("Slots"));
  await user.click(screen.getByRole("button", { name: "10:00" }));
  await last().toMatchObject({ content: { kind: "list_reply", id: "slot:1" }, reply_to: "list" });

  await user.click(screen.getByRole("button", { name: "Book now" }));
  const filled = screen.getByLabelText("What was filled in, as JSON");
  const form = within(filled.closest("form") as HTMLElement);
  await user.clear(filled);
  await user.type(filled, "yes");
  await user.click(form.getByRole("button", { name: "Send it" }));
  expect(filled).toHaveAccessibleDescription("A JSON object, such as {}");
  await user.clear(filled);
  await user.click(filled);
  await user.paste('{"day":"friday"}');
  await user.click(form.getByRole("button", { name: "Send it" }));
  await last().toMatchObject({ content: { kind: "flow_reply", response_json: { day: "friday" } }, reply_to: "flow" });
  await expect.poll(() => filled.isConnected).toBe(false);

  // The business's reaction stands at the message it is for.
  const bubbles = within(screen.getByRole("list", { name: "Conversation" }));
  expect(bubbles.getAllByRole("listitem")).toHaveLength(4);
  expect(bubbles.getByText("Reaction of the business:").closest("li")).toHaveTextContent("Is it ready?");
  await user.click(bubbles.getAllByRole("button", { name: "React" })[0] as HTMLElement);
  await user.click(screen.getByRole("button", { name: "React with ❤️" }));
  await last().toEqual({
    channel_id: "c1",
    from: "+447700900123",
    content: { kind: "reaction", message_id: "buttons", emoji: "❤️" },
  });

  await user.click(screen.getByRole("button", { name: "Edit" }));
  const changed = screen.getByLabelText("Changed words");
  await user.clear(changed);
  await user.type(changed, "Is it there?");
  await user.click(within(changed.closest("form") as HTMLElement).getByRole("button", { name: "Send it" }));
  await last().toMatchObject({ content: { kind: "edit", message_id: "words", text: "Is it there?" } });
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await last().toMatchObject({ content: { kind: "revoke", message_id: "words" } });
});

test("a button that does nothing on this phone is none, and cards and orders come back from those that ask for them", async () => {
  const asked: { content: { kind: string } }[] = [];
  server.use(
    http.post<never, { content: { kind: string } }>(`${origin}/api/v1/sandbox/replies`, async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ provider_message_id: "SM9", delivered: true }, { status: 201 });
    }),
  );
  const messages = [
    arrived("template", {
      kind: "template",
      name: "all_of_them",
      language: "en",
      body: "All of them",
      buttons: [
        { type: "url", text: "Track it", url: "https://acme.example/t/9" },
        { type: "phone_number", text: "Call us", phone_number: "+447700900000" },
        { type: "copy_code", text: "Copy code", code: "SUN15" },
        { type: "mpm", text: "See the teas" },
        { type: "request_contact_info", text: "Share contact info" },
      ],
    }),
  ];
  const user = userEvent.setup();
  const show = () =>
    render(
      <QueryClientProvider client={new QueryClient()}>
        <WorkspaceProvider membership={membership}>
          <CustomerPhone thread={{ ...thread, messages }} />
        </WorkspaceProvider>
      </QueryClientProvider>,
    );
  const { unmount } = show();
  await user.click(screen.getByRole("button", { name: "Share contact info" }));
  await expect.poll(() => asked.at(-1)).toMatchObject({ content: { kind: "contacts" }, reply_to: "template" });
  for (const name of ["Track it", "Call us", "Copy code", "See the teas"]) {
    expect(screen.getByText(name)).toBeVisible();
    expect(screen.queryByRole("button", { name })).toBeNull();
  }
  unmount();

  orders = "yes";
  show();
  await user.click(await screen.findByRole("button", { name: "See the teas" }));
  await expect.poll(() => asked.at(-1)).toMatchObject({ content: { kind: "order" }, reply_to: "template" });
});

test("each other kind has an example that can be changed, and what the provider does not hand on is told", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post(`${origin}/api/v1/sandbox/replies`, async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(
        { code: "validation_failed", title: "Not valid", detail: "Twilio does not forward orders", errors: [] },
        { status: 422 },
      );
    }),
  );
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WorkspaceProvider membership={membership}>
        <CustomerPhone thread={thread} />
      </WorkspaceProvider>
    </QueryClientProvider>,
  );
  await user.click(screen.getByText("Send something else"));
  await user.selectOptions(screen.getByLabelText("What the customer sends"), "order");
  const content = screen.getByLabelText("What it says, as JSON");
  await user.clear(content);
  await user.click(content);
  await user.paste('{"catalog_id":"9","product_items":[]}');
  await user.click(screen.getByLabelText("Came by an ad"));
  await user.click(screen.getByRole("button", { name: "Send it" }));
  expect(await screen.findByText(/Twilio does not forward orders/)).toBeInTheDocument();
  expect(asked).toEqual([
    expect.objectContaining({
      content: { kind: "order", catalog_id: "9", product_items: [] },
      referral: expect.objectContaining({ source_type: "ad" }),
    }),
  ]);
  await user.selectOptions(screen.getByLabelText("What the customer sends"), "sticker");
  expect(screen.queryByText(/Twilio does not forward orders/)).toBeNull();
});

test("the focus goes to what opens at a message, and back to its button", async () => {
  server.use(
    http.post(`${origin}/api/v1/sandbox/replies`, () =>
      HttpResponse.json({ provider_message_id: "SM9", delivered: true }, { status: 201 }),
    ),
  );
  const messages = [
    arrived("flow", { kind: "flow", body: "Book", buttons: [{ type: "flow", text: "Book now" }] }),
    arrived("words", { kind: "text", text: "Is it ready?" }, { direction: "inbound", text: "Is it ready?" }),
  ];
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WorkspaceProvider membership={membership}>
        <CustomerPhone thread={{ ...thread, messages }} />
      </WorkspaceProvider>
    </QueryClientProvider>,
  );
  const button = (name: string) => screen.getByRole("button", { name });

  await user.click(button("React"));
  expect(button("React with 👍")).toHaveFocus();
  await user.click(button("Cancel"));
  expect(button("React")).toHaveFocus();

  await user.click(button("Edit"));
  expect(screen.getByLabelText("Changed words")).toHaveFocus();
  await user.keyboard("!{Enter}");
  expect(await screen.findByRole("button", { name: "Edit" })).toHaveFocus();

  // What opens at another message takes the focus, and the one that closes for it does not.
  await user.click(button("Edit"));
  await user.click(button("Book now"));
  expect(screen.getByLabelText("What was filled in, as JSON")).toHaveFocus();
  await user.click(button("Cancel"));
  expect(button("Book now")).toHaveFocus();

  await user.click(button("Answer this"));
  await user.click(button("Don't quote"));
  expect(screen.getByLabelText("Message")).toHaveFocus();
});
