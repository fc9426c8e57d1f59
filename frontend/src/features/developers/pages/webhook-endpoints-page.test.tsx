import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import * as v from "valibot";
import { beforeEach, expect, test } from "vitest";
import type { Scope, WebhookDeliveryDetail, WebhookDeliveryView, WebhookEndpointView } from "../../../api/schema.gen";
import developers from "../../../i18n/locales/en/developers.json";
import shell from "../../../i18n/locales/en/shell.json";
import ui from "../../../i18n/locales/en/ui.json";
import texts from "../../../i18n/locales/en/webhook-endpoints.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { webhookEndpointSearch } from "../endpoints/search";
import { WebhookEndpointPage } from "./webhook-endpoint-page";
import { WebhookEndpointsPage } from "./webhook-endpoints-page";

const server = testServer();
speakEnglish({ "webhook-endpoints": texts, developers, shell, ui });

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const DELIVERY = "01a2045e-0000-7000-8000-000000000002";
const base = `${origin}/api/v1/webhook-endpoints`;
const endpoint: WebhookEndpointView = {
  id: "e1",
  url: "https://shop.example/hooks",
  description: "",
  event_types: [],
  state: "active",
  secret_ends_with: "aSw=",
  failing_since: at,
  created_at: at,
  updated_at: at,
};
const delivery: WebhookDeliveryView = {
  id: DELIVERY,
  endpoint_id: "e1",
  event_id: "v1",
  event_seq: 42,
  event_type: "message.failed",
  state: "failed",
  tries: 2,
  last_status: 503,
  last_error: "the endpoint answered with status 503",
  created_at: at,
};
const detail: WebhookDeliveryDetail = {
  ...delivery,
  header_webhook_id: "msg_1",
  body: '{"type":"message.failed"}',
  log: [
    { at, error: "no answer within 15 seconds", duration_ms: 15_000 },
    { at: "2026-11-22T11:00:00Z", status: 503, error: delivery.last_error ?? "", duration_ms: 84, answer: "try later" },
  ],
};
let sent: { path: string; body: unknown }[];
let asked: string[];

beforeEach(() => {
  sent = [];
  asked = [];
  server.use(
    http.get(base, () => HttpResponse.json({ data: [endpoint] })),
    http.get(`${base}/e1`, () => HttpResponse.json(endpoint)),
    http.get(`${base}/e1/deliveries`, ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(`${searchParams.get("state") ?? ""}|${searchParams.get("event_type") ?? ""}`);
      return HttpResponse.json({ data: searchParams.get("state") === "delivered" ? [] : [delivery] });
    }),
    http.get(`${origin}/api/v1/webhook-deliveries/${DELIVERY}`, () => HttpResponse.json(detail)),
    http.post(`${base}/e1/test`, () =>
      HttpResponse.json({ delivered: false, status: 500, error: "status 500", duration_ms: 84, answer: "oops" }),
    ),
    http.post(`${base}/e1/replay`, async ({ request }) => {
      sent.push({ path: "replay", body: await request.json() });
      return HttpResponse.json({ replayed: 3 }, { status: 202 });
    }),
  );
});

const rights: Scope[] = ["webhooks:read", "webhooks:write"];
const showList = (scopes = rights) =>
  showPage({ name: "webhook-endpoints", component: WebhookEndpointsPage, validateSearch: v.object({}), scopes });
const showOne = (search = "", scopes = rights) =>
  showPage({
    name: "webhook-endpoints/$endpoint",
    filled: "webhook-endpoints/e1",
    component: WebhookEndpointPage,
    validateSearch: webhookEndpointSearch,
    search,
    scopes,
  });

test("an endpoint's secret is shown once and is nowhere after it was stored", async () => {
  server.use(
    http.post(base, async ({ request }) => {
      sent.push({ path: "create", body: await request.json() });
      return HttpResponse.json({ ...endpoint, secret }, { status: 201 });
    }),
  );
  const { user, client } = showList();
  await user.click(await screen.findByRole("button", { name: "Create endpoint" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("radio", { name: "Only some" }));
  await user.click(dialog.getByRole("button", { name: "Create endpoint" }));
  expect(dialog.getByText("Say where to")).toBeVisible();
  expect(dialog.getByText("Choose at least one type, or all")).toBeVisible();
  await user.type(dialog.getByRole("textbox", { name: "Address" }), " https://shop.example/hooks");
  await user.click(dialog.getByRole("checkbox", { name: "message.failed" }));
  await user.click(dialog.getByRole("checkbox", { name: "message.read" }));
  await user.click(dialog.getByRole("button", { name: "Create endpoint" }));

  expect(await screen.findByRole("textbox", { name: "Signing secret" })).toHaveValue(secret);
  expect(sent).toEqual([
    {
      path: "create",
      body: { url: "https://shop.example/hooks", event_types: ["message.read", "message.failed"] },
    },
  ]);
  await user.keyboard("{Escape}");
  expect(screen.getByText("Have you stored it?")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "I have stored it" }));
  await waitFor(() => expect(client.getMutationCache().getAll()).toEqual([]));
  expect(document.documentElement.outerHTML).not.toContain(secret);
});

test("a refused address is told at its field", async () => {
  server.use(
    http.post(base, () =>
      HttpResponse.json(
        {
          title: "No",
          status: 422,
          code: "validation_failed",
          errors: [{ field: "url", code: "invalid", message: "must be https" }],
        },
        { status: 422 },
      ),
    ),
  );
  const { user } = showList();
  await user.click(await screen.findByRole("button", { name: "Create endpoint" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.type(dialog.getByRole("textbox", { name: "Address" }), "http://shop.example");
  await user.click(dialog.getByRole("button", { name: "Create endpoint" }));
  expect(await dialog.findByText("must be https")).toBeVisible();
});

test("a delivery shows every try with what was answered, and the body as it was sent", async () => {
  const { user } = showOne(`?delivery=${DELIVERY}`);
  const drawer = within(await screen.findByRole("dialog", { name: "message.failed" }));
  const tries = within(drawer.getByRole("region", { name: "Tries" }));
  expect(tries.getAllByRole("listitem")).toHaveLength(2);
  expect(tries.getByText("No answer")).toBeVisible();
  expect(tries.getByText("try later")).toBeVisible();
  expect(drawer.getByText("Body as it was sent", { exact: false })).toBeVisible();
  server.use(
    http.post(`${origin}/api/v1/webhook-deliveries/${DELIVERY}/replay`, () => {
      sent.push({ path: "replay one", body: undefined });
      return HttpResponse.json({ ...delivery, state: "pending" }, { status: 202 });
    }),
  );
  await user.click(drawer.getByRole("button", { name: "Send once more" }));
  await waitFor(() => expect(sent).toEqual([{ path: "replay one", body: undefined }]));
});

test("a test that is not taken says why, and what failed since a time is sent once more", async () => {
  const { user } = showOne();
  await user.click(await screen.findByRole("button", { name: "Send a test" }));
  expect(await screen.findByText(/^The endpoint did not take the test/)).toBeVisible();
  expect(screen.getByText("oops")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Send once more…" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Send once more" }));
  await waitFor(() =>
    expect(sent).toEqual([{ path: "replay", body: { after: expect.any(String), states: ["failed"] } }]),
  );
});

test("the log's filters stand in the address", async () => {
  const { user, router } = showOne();
  expect(await screen.findByRole("table", { name: "Deliveries" })).toBeVisible();
  await user.selectOptions(screen.getByRole("combobox", { name: "State" }), "delivered");
  expect(await screen.findByText("No delivery fits these filters")).toBeVisible();
  expect(router.state.location.search).toMatchObject({ state: "delivered" });
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByRole("table", { name: "Deliveries" })).toBeVisible();
  expect(asked).toContain("delivered|");
});

test("an endpoint is deleted after its name was typed", async () => {
  server.use(
    http.delete(`${base}/e1`, () => {
      sent.push({ path: "delete", body: undefined });
      return new HttpResponse(undefined, { status: 204 });
    }),
  );
  const { user } = showOne();
  await user.click(await screen.findByRole("button", { name: "Delete endpoint" }));
  const question = within(screen.getByRole("alertdialog"));
  expect(question.getByRole("button", { name: "Delete endpoint" })).toBeDisabled();
  await user.type(question.getByRole("textbox"), "shop.example");
  await user.click(question.getByRole("button", { name: "Delete endpoint" }));
  await waitFor(() => expect(sent).toEqual([{ path: "delete", body: undefined }]));
});

test("who may only look sees the log and can change nothing", async () => {
  showOne("", ["webhooks:read"]);
  expect(await screen.findByRole("table", { name: "Deliveries" })).toBeVisible();
  for (const name of [/Send/, /Rotate/, /Delete/, /Save/]) {
    expect(screen.queryByRole("button", { name })).toBeNull();
  }
});
