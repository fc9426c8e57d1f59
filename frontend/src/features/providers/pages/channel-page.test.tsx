import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ChannelView, Environment, MessageView, Scope } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import providers from "../../../i18n/locales/en/providers.json";
import ui from "../../../i18n/locales/en/ui.json";
import { showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { providersSearch } from "../search";
import { catalogue, directChannel, passing, unproven } from "../test/samples";
import { ChannelPage } from "./channel-page";

const server = testServer();
speakEnglish({ providers, domain, ui });
let channel: ChannelView;

beforeEach(() => {
  channel = { ...directChannel, check: unproven };
  server.use(
    http.get(`${origin}/api/v1/providers`, () => HttpResponse.json(catalogue)),
    http.get(`${origin}/api/v1/channels`, () => HttpResponse.json({ data: [channel] })),
    http.get(`${origin}/api/v1/channels/:id`, () => HttpResponse.json(channel)),
  );
});

const allowed: Scope[] = ["channels:read", "channels:write", "messages:write"];

async function show(environment: Environment = "live", scopes: Scope[] = allowed) {
  const shown = showPage({
    name: "channels/$channel",
    filled: `channels/${directChannel.id}`,
    component: ChannelPage,
    validateSearch: providersSearch,
    environment,
    scopes,
  });
  await screen.findByRole("heading", { level: 1, name: "Orders" });
  return shown;
}

const rungs = () =>
  within(screen.getByRole("list", { name: "Checks" }))
    .getAllByRole("listitem")
    .map((item) => item.textContent);

test("a ladder with an unproven rung is no alarm, and what is known of the sender stands above it", async () => {
  channel = {
    ...channel,
    facts: { webhooks_refused: 2, webhook_refusal: "wrong_secret", quality: "red", messaging_limit: "2000" },
  };
  await show();
  expect(screen.getByText("Everything is in order. Only the round trip is still to be proven.")).toBeVisible();
  expect(rungs()).toHaveLength(9);
  expect(rungs().at(-1)).toContain("Not proven yet");
  expect(screen.getByText("Low")).toBeVisible();
  expect(screen.getByText("2,000")).toBeVisible();
  expect(screen.getByText(/2 webhooks \(signed with another secret\)/)).toBeVisible();
  expect(screen.queryByText("Throughput")).toBeNull();
});

test("a repair says what it will set, and then what it replaced", async () => {
  let repaired = 0;
  server.use(
    http.post(`${origin}/api/v1/channels/:id/repair`, () => {
      repaired += 1;
      return HttpResponse.json({
        repair: {
          mended: [
            { step: "app_subscribed" },
            { step: "app_callback", before: "https://old.example/hook", after: channel.webhook.callback_url },
          ],
        },
        report: passing,
        resumed: false,
      });
    }),
  );
  const { user } = await show();
  await user.click(screen.getByRole("button", { name: "Repair" }));
  const dialog = within(screen.getByRole("alertdialog"));
  expect(dialog.getByText(directChannel.webhook.callback_url ?? "")).toBeVisible();
  expect(repaired).toBe(0);
  await user.click(dialog.getByRole("button", { name: "Set it" }));
  expect(await screen.findByText("2 things were set")).toBeVisible();
  expect(screen.getByText("Before: https://old.example/hook")).toBeVisible();
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

test("a repair that fails says so where it was asked for", async () => {
  server.use(
    http.post(`${origin}/api/v1/channels/:id/repair`, () =>
      HttpResponse.json({ title: "Busy", status: 503, code: "busy" }, { status: 503 }),
    ),
  );
  const { user } = await show();
  await user.click(screen.getByRole("button", { name: "Repair" }));
  await user.click(screen.getByRole("button", { name: "Set it" }));
  expect(await screen.findByText(/The server is busy with this already/)).toBeVisible();
  expect(screen.getByRole("alertdialog")).toBeVisible();
});

test("a test message to somebody outside of the window is told at the number; inside, it is seen to come back", async () => {
  const sent: unknown[] = [];
  server.use(
    http.get(`${origin}/api/v1/messages/:id`, () => HttpResponse.json({ state: "read" })),
    http.post(`${origin}/api/v1/channels/:id/round-trip`, async ({ request }) => {
      sent.push(await request.json());
      if (sent.length === 1) {
        return HttpResponse.json(
          {
            title: "No",
            status: 422,
            code: "validation_failed",
            errors: [{ field: "to", code: "window_closed", message: "not within 24 hours" }],
          },
          { status: 422 },
        );
      }
      channel = { ...channel, check: passing, facts: { webhooks_refused: 0, round_trip_at: "2026-11-22T10:00:05Z" } };
      return HttpResponse.json(
        { message_id: "019a2b3c-0000-7000-8000-00000000000f", started_at: "2026-11-22T10:00:00Z" },
        { status: 202 },
      );
    }),
  );
  const { user } = await show("sandbox");
  const form = within(screen.getByRole("form", { name: "Prove the round trip" }));
  const to = form.getByLabelText("Number that gets a test message");
  expect(to).toHaveValue("+447700900123");
  await user.click(form.getByRole("button", { name: "Prove the round trip" }));
  await waitFor(() => expect(to).toHaveAccessibleDescription(/has not written to the sender within 24 hours/));
  expect(form.getByRole("link", { name: "Write as the virtual customer" })).toBeVisible();

  await user.clear(to);
  await user.type(to, "+44 7700 900124");
  await user.click(form.getByRole("button", { name: "Prove the round trip" }));
  expect(await form.findByText("It went the whole way")).toBeVisible();
  expect(sent).toEqual([{ to: "+447700900123" }, { to: "+447700900124" }]);
  expect(rungs().at(-1)).toContain("Passed");
});

test.each<[string, Partial<MessageView>]>([
  ["The provider asked to slow down", { state: "queued", hold_reason: "throttled" }],
  ["Whether the test message was sent is not known", { state: "unknown" }],
  ["The test message was not sent in time", { state: "expired" }],
  ["The test message was cancelled", { state: "cancelled" }],
])("where a test message ends or waits is told: %s", async (told, message) => {
  server.use(
    http.get(`${origin}/api/v1/messages/:id`, () => HttpResponse.json(message)),
    http.post(`${origin}/api/v1/channels/:id/round-trip`, () =>
      HttpResponse.json({ message_id: "m1", started_at: "2026-11-22T10:00:00Z" }, { status: 202 }),
    ),
  );
  const { user } = await show("sandbox");
  await user.click(screen.getByRole("button", { name: "Prove the round trip" }));
  expect(await screen.findByText(told)).toBeVisible();
  expect(screen.queryByText("The test message is on its way")).toBeNull();
  expect(screen.getByRole("link", { name: "The message" })).toHaveAttribute("href", "/w/w1/messages?message=m1");
});

test("a test message whose course can't be loaded says so", async () => {
  server.use(
    http.get(`${origin}/api/v1/messages/:id`, () =>
      HttpResponse.json({ code: "busy", title: "Busy" }, { status: 503 }),
    ),
    http.post(`${origin}/api/v1/channels/:id/round-trip`, () =>
      HttpResponse.json({ message_id: "m1", started_at: "2026-11-22T10:00:00Z" }, { status: 202 }),
    ),
  );
  const { user } = await show("sandbox");
  await user.click(screen.getByRole("button", { name: "Prove the round trip" }));
  expect(await screen.findByText("How far it is could not be loaded")).toBeVisible();
});

test("who may not send is offered no test message", async () => {
  await show("live", ["channels:read", "channels:write"]);
  expect(screen.getByRole("button", { name: "Repair" })).toBeVisible();
  expect(screen.queryByRole("form", { name: "Prove the round trip" })).toBeNull();
});

test("who may only look is offered neither", async () => {
  await show("live", ["channels:read"]);
  expect(screen.queryByRole("button", { name: "Repair" })).toBeNull();
  expect(screen.queryByRole("form")).toBeNull();
});
