import { act, screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { keys } from "../../api/keys";
import type { LedgerLine, MessageStory, MessageView } from "../../api/schema.gen";
import domain from "../../i18n/locales/en/domain.json";
import overview from "../../i18n/locales/en/overview.json";
import ui from "../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../test/page";
import { origin, testServer } from "../../test/server";
import { OverviewPage } from "./pages/overview-page";
import { overviewSearch } from "./search";

const server = testServer();

const id = "01a20461-401d-7141-aa80-16fb1870ee01";

speakEnglish({ overview, domain, ui });

/** What was asked to be sent, and what became of it. */
let posted: { key: string | null; body: { to: string } }[];
let message: MessageView;
let conversationsAsked: string[];
let ledger: LedgerLine[];

beforeEach(() => {
  posted = [];
  conversationsAsked = [];
  ledger = [];
  message = {
    id,
    direction: "outbound",
    channel_id: "c1",
    person: "+447700900123",
    content: { type: "text", body: "Your parcel is on its way" },
    state: "queued",
    attempts: 0,
    run_at: at,
    created_at: at,
  };
  server.use(
    http.get(`${origin}/api/v1/session`, () =>
      HttpResponse.json({ code: "unauthenticated", title: "No valid credential" }, { status: 401 }),
    ),
    http.post(`${origin}/api/v1/session/refresh`, () => HttpResponse.json({}, { status: 401 })),
    http.get(`${origin}/api/v1/channels`, () => HttpResponse.json({ data: [] })),
    http.get(`${origin}/api/v1/messages`, () => HttpResponse.json({ data: [] })),
    http.get(`${origin}/api/v1/messages/:id`, () => {
      const story: MessageStory = { ...message, provider: "twilio", tries: [], timeline: [], webhooks: [] };
      return HttpResponse.json(story);
    }),
    http.get(`${origin}/api/v1/sandbox/conversations`, ({ request }) => {
      conversationsAsked.push(new URL(request.url).search);
      return HttpResponse.json({ data: [] });
    }),
    http.get(`${origin}/api/v1/sandbox/ledger`, () => HttpResponse.json({ data: ledger })),
    http.get(`${origin}/api/v1/sandbox/magic-numbers`, () =>
      HttpResponse.json({ data: [{ number: "+15005550004", twilio_code: 21211, description: "Refused at once." }] }),
    ),
    http.post(`${origin}/api/v1/messages`, async ({ request }) => {
      posted.push({ key: request.headers.get("idempotency-key"), body: (await request.json()) as { to: string } });
      return posted.length === 1 ? HttpResponse.error() : HttpResponse.json(message, { status: 202 });
    }),
  );
});

async function setup() {
  const shown = showPage({
    name: "overview",
    component: OverviewPage,
    validateSearch: overviewSearch,
    scopes: ["messages:read", "messages:write", "channels:read", "channels:write", "sandbox:write"],
  });
  return {
    ...shown,
    send: await screen.findByRole("button", { name: "Send test message" }),
  };
}

test("a lost answer is tried again under the same key, and the way of the message fills as events come", async () => {
  const { user, client, history, send } = await setup();
  await user.click(send);
  expect(await screen.findByText("The server can't be reached")).toBeVisible();
  await user.click(send);
  const progress = screen.getByRole("list", { name: "Progress" });
  await vi.waitFor(() => expect(within(progress).getAllByRole("time")).toHaveLength(1));
  expect(posted.map(({ key }) => key)).toEqual([posted[0]?.key, posted[0]?.key]);
  // The message survives a reload.
  expect(history.location.search).toContain(id);

  message = {
    ...message,
    state: "read",
    accepted_at: at,
    sent_at: at,
    delivered_at: at,
    read_at: "2026-11-22T10:00:00.528000Z",
  };
  await act(() => client.invalidateQueries({ queryKey: keys.of("w1", "messages") }));
  expect(await within(progress).findByText("+528 ms")).toBeVisible();
  expect(screen.getByText("Test message: Read")).toHaveRole("status");
});

test("a magic number goes into the form, and its failure shows with the cure", async () => {
  const { user, client, send } = await setup();
  posted.push({ key: null, body: { to: "" } });
  await user.click(screen.getByText("Numbers that fail on purpose"));
  await user.click(await screen.findByRole("button", { name: "Use +15005550004" }));
  expect(screen.getByLabelText("To")).toHaveValue("+15005550004");
  expect(screen.getByLabelText("To")).toHaveFocus();
  await user.click(send);
  await vi.waitFor(() => expect(posted[1]?.body.to).toBe("+15005550004"));

  message = {
    ...message,
    state: "failed",
    failed_at: at,
    failure: { code: "recipient_invalid", detail: "No such number." },
  };
  await act(() => client.invalidateQueries({ queryKey: keys.of("w1", "messages") }));
  expect(await screen.findByText("The number can't be used")).toBeVisible();
  expect(within(screen.getByRole("list", { name: "Progress" })).getByText("Failed")).toBeVisible();
});

test("the phone asks for its own conversation only, and the simulator's counts tick the first steps", async () => {
  ledger = [{ channel_id: "c1", accepted: 1, sent: 0, delivered: 0, read: 1, failed: 0, inbound: 0 }];
  const { user, client, send } = await setup();
  posted.push({ key: null, body: { to: "" } });
  await user.click(send);
  await vi.waitFor(() => expect(conversationsAsked).toContain("?channel_id=c1&customer=%2B447700900123&limit=1"));
  const done = async () => (await screen.findAllByText("(done)", { exact: false })).length;
  expect(await done()).toBe(1);

  ledger = ledger.map((line) => ({ ...line, inbound: 1 }));
  await act(() => client.invalidateQueries({ queryKey: keys.of("w1", "ledger") }));
  await vi.waitFor(async () => expect(await done()).toBe(2));
  expect(new Set(conversationsAsked).size).toBe(1);
});
