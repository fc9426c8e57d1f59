import { screen, waitFor, within } from "@testing-library/react";
import type userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ChannelView, CheckReport, Scope } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import providers from "../../../i18n/locales/en/providers.json";
import ui from "../../../i18n/locales/en/ui.json";
import { showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { providersSearch } from "../search";
import { catalogue, failing, passing, twilioChannel } from "../test/samples";
import { ProvidersPage } from "./providers-page";

const server = testServer();
const token = "5f1d7a84db34e9b2c6a0f3e85e9d1c47";

speakEnglish({ providers, domain, ui });

/** What the server was asked, and what it has. */
let asked: { method: string; path: string; body: unknown; once: string | null }[];
let channels: ChannelView[];
let report: CheckReport;

beforeEach(() => {
  asked = [];
  channels = [];
  report = passing;
  server.use(
    // A short table: looking for roles takes time.
    http.get(`${origin}/api/v1/providers`, () => HttpResponse.json({ ...catalogue, rows: catalogue.rows.slice(0, 6) })),
    http.get(`${origin}/api/v1/channels`, () => HttpResponse.json({ data: channels })),
    http.get(`${origin}/api/v1/channels/:id`, () => HttpResponse.json(channels[0])),
    http.post(`${origin}/api/v1/channels`, async ({ request }) => {
      await note(request);
      channels = [{ ...twilioChannel, check: null }];
      return HttpResponse.json(channels[0], { status: 201 });
    }),
    http.patch(`${origin}/api/v1/channels/:id`, async ({ request }) => {
      await note(request);
      return HttpResponse.json(channels[0]);
    }),
    http.post(`${origin}/api/v1/channels/:id/check`, () => HttpResponse.json({ report, resumed: false })),
  );
});

async function note(request: Request) {
  const { pathname } = new URL(request.url);
  asked.push({
    method: request.method,
    path: pathname,
    body: await request.json(),
    once: request.headers.get("idempotency-key"),
  });
}

async function setup(scopes: Scope[] = ["channels:read", "channels:write", "workspace:write"], search = "") {
  const shown = showPage({
    name: "providers",
    component: ProvidersPage,
    validateSearch: providersSearch,
    search,
    environment: "live",
    scopes,
  });
  await screen.findByRole("radiogroup", { name: "Provider" });
  return shown;
}

const form = (name: string) => within(screen.getByRole("form", { name }));
const submit = () => form("Connect Twilio").getByRole("button", { name: "Save and test" });

/** As from the clipboard: a person copies these values. */
async function put(user: ReturnType<typeof userEvent.setup>, field: HTMLElement, text: string) {
  await user.click(field);
  await user.paste(text);
}

async function fill(user: ReturnType<typeof userEvent.setup>) {
  const fields = form("Connect Twilio");
  await put(user, fields.getByLabelText("Account SID"), "AC0123456789abcdef0123456789abcdef");
  await put(user, fields.getByLabelText("Auth token"), ` ${token}`);
  await put(user, fields.getByLabelText("Channel name"), "Support");
  await put(user, fields.getByLabelText("Sender number"), "+447700900001");
}

test("what was typed for one provider is there again after a look at the other", async () => {
  const { user, router } = await setup();
  await put(user, form("Connect Twilio").getByLabelText("Auth token"), token);
  await user.click(screen.getByRole("radio", { name: "Direct" }));
  expect(screen.queryByRole("form", { name: "Connect Twilio" })).toBeNull();
  await put(user, form("Connect Direct").getByLabelText("App id"), "20000");
  expect(router.state.location.search).toEqual({ provider: "direct" });
  expect(JSON.stringify(router.state.location)).not.toContain(token);

  await user.click(screen.getByRole("radio", { name: "Twilio" }));
  expect(form("Connect Twilio").getByLabelText("Auth token")).toHaveValue(token);
  await user.click(screen.getByRole("radio", { name: "Direct" }));
  expect(form("Connect Direct").getByLabelText("App id")).toHaveValue("20000");
});

test("the first field that is wrong has the focus", async () => {
  const { user } = await setup();
  await put(user, form("Connect Twilio").getByLabelText("Account SID"), "AC12");
  await user.click(submit());
  const sid = form("Connect Twilio").getByLabelText("Account SID");
  await waitFor(() => expect(sid).toHaveFocus());
  expect(sid).toHaveAccessibleDescription(
    /Too short \(4 of at least 34 characters\)\. Expected: AC and 32 hex digits\./,
  );
  expect(form("Connect Twilio").getByLabelText("Auth token")).toHaveAccessibleDescription(/Fill this in\./);
  expect(asked).toEqual([]);
});

test("wrong credentials stand at their field, are corrected in the same channel, and never come back", async () => {
  const { user } = await setup();
  report = failing("auth_token");
  await fill(user);
  await user.click(submit());

  expect(await screen.findByText("1 of 9 checks failed")).toBeVisible();
  const field = form("Connect Twilio").getByLabelText("Auth token");
  expect(field).toHaveAccessibleDescription(/The provider does not accept it\. Copy it again\./);
  expect(field).toHaveFocus();
  expect(field).toHaveValue("");
  expect(asked).toEqual([
    expect.objectContaining({
      method: "POST",
      path: "/api/v1/channels",
      body: expect.objectContaining({ provider: "twilio", name: "Support", auth_token: token, api_key_sid: null }),
    }),
  ]);
  // Only now is there something to copy.
  expect(form("Connect Twilio").getByLabelText("Webhook for incoming messages")).toHaveValue(
    twilioChannel.webhook.callback_url,
  );

  report = passing;
  await put(user, field, "0".repeat(32));
  await user.click(submit());
  expect(await screen.findByText("All 9 checks passed")).toBeVisible();
  expect(asked.slice(1)).toEqual([
    expect.objectContaining({
      method: "PATCH",
      path: `/api/v1/channels/${twilioChannel.id}`,
      body: { provider: "twilio", auth_token: "0".repeat(32) },
    }),
  ]);
  expect(form("Connect Twilio").queryByLabelText("Auth token", { selector: "input" })).toBeNull();
  expect(form("Connect Twilio").getByRole("group", { name: "Auth token" })).toHaveTextContent("ends in …9f2a");
  expect(document.body.innerHTML).not.toContain(token);
});

test("what the server says of a field stands there, a fold is opened for it, and a retry is the same attempt", async () => {
  const { user } = await setup();
  const refuse = (status: number, code: string, errors: object[]) =>
    http.post(
      `${origin}/api/v1/channels`,
      async ({ request }) => {
        await note(request);
        return HttpResponse.json(
          { type: "", title: "No", detail: "Not now", status, code, request_id: "r", errors },
          { status },
        );
      },
      { once: true },
    );
  await fill(user);
  server.use(refuse(422, "validation_failed", [{ field: "api_key_secret", code: "conflict", message: "together" }]));
  await user.click(submit());
  const secret = form("Connect Twilio").getByLabelText(/^API key secret/);
  await waitFor(() => expect(secret).toHaveFocus());
  expect(secret).toHaveAccessibleDescription(/together/);
  expect(secret.closest("details")).toHaveAttribute("open");

  server.use(refuse(503, "busy", []));
  await user.click(submit());
  expect(await screen.findByText("This could not be saved")).toBeVisible();
  await user.click(submit());
  expect(await screen.findByText("All 9 checks passed")).toBeVisible();
  expect(new Set(asked.map(({ once }) => once)).size).toBe(1);
});

test("the choice tells what it will do, and does it", async () => {
  const { user } = await setup();
  expect(await screen.findByText("Twilio has no channel here yet")).toBeVisible();
  server.use(
    http.patch(`${origin}/api/v1/workspace`, async ({ request }) => {
      await note(request);
      return HttpResponse.json({});
    }),
  );
  await user.click(screen.getByRole("radio", { name: "Direct" }));
  expect(screen.getByText(/If you use Direct before you connect it/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Use Direct" }));
  await waitFor(() => expect(asked.map(({ body }) => body)).toEqual([{ whatsapp_provider: "direct" }]));
});

test("only differences", async () => {
  const { user, router } = await setup();
  await screen.findByRole("table", { name: "Comparison" });
  const rows = () => within(screen.getByRole("table", { name: "Comparison" })).getAllByRole("row").length;
  const all = rows();
  await user.click(screen.getByRole("checkbox", { name: "Only differences" }));
  await waitFor(() => expect(rows()).toBeLessThan(all));
  expect(router.state.location.search).toEqual({ differences: true });
});

test("who may not change channels sees no form", async () => {
  await setup(["channels:read"]);
  expect(screen.queryByRole("form")).toBeNull();
  expect(screen.getAllByText("Only those who may change channels can connect one.")[0]).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Use / })).toBeNull();
});
