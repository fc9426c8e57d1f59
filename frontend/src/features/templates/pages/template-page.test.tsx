import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import * as v from "valibot";
import { beforeEach, expect, test } from "vitest";
import type { TemplateView } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import texts from "../../../i18n/locales/en/templates.json";
import ui from "../../../i18n/locales/en/ui.json";
import { showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { preview, registration, template } from "../test/samples";
import { TemplatePage } from "./template-page";

const server = testServer();

speakEnglish({ templates: texts, domain, ui });

let shown: TemplateView;
let submitted: unknown[];
let deleted: string[];

beforeEach(() => {
  shown = template;
  submitted = [];
  deleted = [];
  server.use(
    http.get(`${origin}/api/v1/templates/t1`, () => HttpResponse.json(shown)),
    http.post(`${origin}/api/v1/templates/preview`, () => HttpResponse.json(preview)),
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({
        data: [
          { id: "c1", provider: "direct", name: "Support" },
          { id: "c2", provider: "twilio", name: "Sales" },
        ],
      }),
    ),
    http.post(`${origin}/api/v1/templates/t1/submissions`, async ({ request }) => {
      submitted.push(await request.json());
      return HttpResponse.json(
        {
          type: "",
          title: "Refused",
          detail: "the provider refused the template",
          code: "template_refused",
          request_id: "r1",
          errors: [{ field: "body.text", code: "malformed", message: "too many variables for its length" }],
        },
        { status: 422 },
      );
    }),
    http.delete(`${origin}/api/v1/templates/t1`, ({ request }) => {
      deleted.push(new URL(request.url).search);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

/** The page's address names its template: the route of the tests takes the parameter. */
function show() {
  return showPage({
    name: "templates/$template",
    filled: "templates/t1",
    component: TemplatePage,
    validateSearch: v.object({}),
    scopes: ["templates:read", "templates:write", "messages:write"],
  });
}

test("why a template was rejected is told in full, with an announced change of its category", async () => {
  shown = {
    ...template,
    registrations: [
      {
        ...registration,
        status: "rejected",
        sendable: false,
        correct_category: "marketing",
        rejection_reason: "INVALID_FORMAT",
        rejection_detail: "Variables stand side by side.\nPut words between them.",
      },
    ],
  };
  show();
  const standing = await screen.findByRole("region", { name: "Where it stands" });
  expect(standing).toHaveTextContent("INVALID_FORMAT");
  expect(standing).toHaveTextContent("Put words between them.");
  expect(standing).toHaveTextContent("change its category to: Marketing");
  expect(screen.queryByRole("link", { name: "Write with it" })).toBeNull();
});

test("a submission that is refused says what is wrong and where", async () => {
  const { user } = show();
  await user.selectOptions(await screen.findByRole("combobox", { name: "For the account of" }), "Sales (Twilio)");
  await user.click(screen.getByRole("button", { name: "Submit for approval" }));
  await screen.findByText(/too many variables for its length/);
  expect(submitted).toEqual([{ channel_id: "c2" }]);
  expect(screen.getByRole("link", { name: "Write with it" })).toHaveAttribute("href", "/w/w1/compose?template=t1");
});

test("channels that can't be loaded are not said to be missing", async () => {
  let broken = true;
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  server.use(
    http.get(`${origin}/api/v1/channels`, async () => {
      await asked;
      return broken
        ? HttpResponse.json({ type: "", title: "Busy", code: "busy", errors: [] }, { status: 503 })
        : HttpResponse.json({ data: [] });
    }),
  );
  const { user } = show();
  await screen.findByRole("region", { name: "Where it stands" });
  expect(screen.queryByText(texts.submit.noChannel)).toBeNull();
  answer();
  await screen.findByText("The channels could not be loaded");
  expect(screen.queryByText(texts.submit.noChannel)).toBeNull();
  broken = false;
  await user.click(screen.getByRole("button", { name: "Retry" }));
  expect(await screen.findByText(texts.submit.noChannel)).toBeVisible();
});

test("a template that somebody else deletes meanwhile is not shown any longer", async () => {
  const { client } = show();
  await screen.findByRole("region", { name: "Where it stands" });
  server.use(
    http.get(`${origin}/api/v1/templates/t1`, () =>
      HttpResponse.json({ type: "", title: "No", code: "not_found", errors: [] }, { status: 404 }),
    ),
  );
  await client.invalidateQueries({ queryKey: ["w", "w1", "templates"] });
  expect(await screen.findByText(texts.one.missing)).toBeVisible();
  expect(screen.queryByRole("region", { name: "Where it stands" })).toBeNull();
});

test("a template that stands at a provider is deleted everywhere only when its name was typed", async () => {
  const { user, history } = show();
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  const dialog = await screen.findByRole("alertdialog");
  expect(within(dialog).getByRole("checkbox", { name: "Also at the providers" })).toBeChecked();
  expect(within(dialog).getByRole("button", { name: "Delete" })).toBeDisabled();
  await user.type(within(dialog).getByRole("textbox"), "order_shipped");
  await user.click(within(dialog).getByRole("button", { name: "Delete" }));
  await expect.poll(() => history.location.pathname).toBe("/w/w1/templates");
  expect(deleted).toEqual(["?everywhere=true"]);
});
