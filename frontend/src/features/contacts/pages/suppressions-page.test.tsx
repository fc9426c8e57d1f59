import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ContactDetail, Scope, SuppressionView } from "../../../api/schema.gen";
import texts from "../../../i18n/locales/en/contacts.json";
import shell from "../../../i18n/locales/en/shell.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { suppressionsSearch } from "../search";
import { SuppressionsPage } from "./suppressions-page";

const server = testServer();
speakEnglish({ contacts: texts, shell, ui });

const CONTACT = "01a2045e-0000-7000-8000-000000000001";
const ada: SuppressionView = {
  id: "s1",
  contact_id: CONTACT,
  person: "+447700900123",
  name: "Ada",
  scope: "all",
  source: "provider",
  detail: "21610",
  changed_at: at,
  created_at: at,
};
let asked: URLSearchParams[];
let posted: { path: string; body: unknown }[];
let list: SuppressionView[];

beforeEach(() => {
  asked = [];
  posted = [];
  list = [ada];
  server.use(
    http.get(`${origin}/api/v1/suppressions`, ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams);
      const source = searchParams.get("source");
      return HttpResponse.json({ data: source && source !== "provider" ? [] : list });
    }),
    http.post(`${origin}/api/v1/suppressions`, async ({ request }) => {
      posted.push({ path: "suppress", body: await request.json() });
      return HttpResponse.json({ ...ada, name: null });
    }),
    http.post(`${origin}/api/v1/suppressions/lift`, async ({ request }) => {
      posted.push({ path: "lift", body: await request.json() });
      list = [];
      return HttpResponse.json({ ...ada, lifted_at: at, advice: "Twilio keeps a block of its own." });
    }),
  );
});

const show = (search = "", scopes: Scope[] = ["messages:read", "messages:write"]) =>
  showPage({ name: "suppressions", component: SuppressionsPage, validateSearch: suppressionsSearch, search, scopes });

test("somebody is suppressed only after what follows was said", async () => {
  const { user } = show();
  await user.click(await screen.findByRole("button", { name: "Suppress somebody" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Continue" }));
  expect(dialog.getByText("Say whom")).toBeVisible();
  await user.type(dialog.getByRole("textbox", { name: "Number or user id" }), "+44 (7700) 900-123");
  await user.click(dialog.getByRole("radio", { name: "Marketing" }));
  await user.click(dialog.getByRole("button", { name: "Continue" }));
  expect(dialog.getByText(/No marketing reaches this person from now on/)).toBeVisible();
  expect(posted).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Suppress" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(posted).toEqual([{ path: "suppress", body: { person: "+447700900123", scope: "marketing" } }]);
});

test("a number that is refused is told at its field, and stays typed", async () => {
  server.use(
    http.post(`${origin}/api/v1/suppressions`, () =>
      HttpResponse.json(
        {
          title: "No",
          status: 422,
          code: "validation_failed",
          errors: [{ field: "person", code: "invalid_value", message: "this is no number" }],
        },
        { status: 422 },
      ),
    ),
  );
  const { user } = show();
  await user.click(await screen.findByRole("button", { name: "Suppress somebody" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.type(dialog.getByRole("textbox", { name: "Number or user id" }), "+44");
  await user.click(dialog.getByRole("button", { name: "Continue" }));
  await user.click(dialog.getByRole("button", { name: "Suppress" }));
  expect(await dialog.findByText("this is no number")).toBeVisible();
  expect(dialog.getByRole("textbox", { name: "Number or user id" })).toHaveValue("+44");
});

test("lifting says before and after that the provider's own block stays", async () => {
  const { user } = show();
  await user.click(await screen.findByRole("button", { name: "Lift the suppression of Ada" }));
  const question = within(screen.getByRole("alertdialog"));
  expect(question.getByText(/Twilio’s own block stays/)).toBeVisible();
  await user.click(question.getByRole("button", { name: "Lift suppression" }));
  expect(await screen.findByText("A block stays for Ada")).toBeVisible();
  expect(screen.getByText("Twilio keeps a block of its own.")).toBeVisible();
  expect(posted).toEqual([{ path: "lift", body: { person: "+447700900123", scope: "all" } }]);
  expect(await screen.findByText("Nobody has opted out")).toBeVisible();
});

test("filters stand in the address, and nothing found is told from nothing there", async () => {
  const { user, router } = show();
  await screen.findByRole("table", { name: "Suppressions" });
  await user.selectOptions(screen.getByRole("combobox", { name: "Who said so" }), "word");
  expect(await screen.findByText("Nobody fits these filters")).toBeVisible();
  expect(router.state.location.search).toMatchObject({ source: "word" });
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByRole("table", { name: "Suppressions" })).toBeVisible();
  await user.click(screen.getByRole("checkbox", { name: "With lifted ones" }));
  await waitFor(() => expect(asked.at(-1)?.get("include_lifted")).toBe("true"));
});

test("a contact shows what they want none of, and takes a time zone", async () => {
  const contact: ContactDetail = {
    id: CONTACT,
    name: "Ada",
    identities: [{ kind: "phone", value: "+447700900123" }],
    suppressions: [ada],
    time_zone: "Europe/London",
    time_zone_source: "number",
    conversations: [],
    created_at: at,
    updated_at: at,
  };
  server.use(
    http.get(`${origin}/api/v1/contacts/${CONTACT}`, () => HttpResponse.json(contact)),
    http.patch<never, { time_zone: string }>(`${origin}/api/v1/contacts/${CONTACT}`, async ({ request }) => {
      const body = await request.json();
      posted.push({ path: "contact", body });
      return HttpResponse.json({ ...contact, ...body, time_zone_source: "set" });
    }),
  );
  const { user } = show();
  await user.click(await screen.findByRole("button", { name: "Ada" }));
  const drawer = within(await screen.findByRole("dialog", { name: "Ada" }));
  expect(drawer.getByRole("button", { name: "Lift: All messages" })).toBeVisible();
  expect(drawer.getByText("Europe/London, from the person’s number.")).toBeVisible();
  await user.selectOptions(drawer.getByRole("combobox", { name: "Set the time zone" }), "America/Sao_Paulo");
  await user.click(drawer.getByRole("button", { name: "Save time zone" }));
  expect(await drawer.findByText("America/Sao Paulo, set by hand.")).toBeVisible();
  expect(posted).toEqual([{ path: "contact", body: { time_zone: "America/Sao_Paulo" } }]);
});

test("who may only look can neither suppress nor lift", async () => {
  show("", ["messages:read"]);
  expect(await screen.findByRole("button", { name: "Ada" })).toBeVisible();
  expect(screen.queryByRole("button", { name: /Lift|Suppress/ })).toBeNull();
});
