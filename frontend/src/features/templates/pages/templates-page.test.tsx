import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { TemplateView } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import templates from "../../../i18n/locales/en/templates.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { templatesSearch } from "../search";
import { registration, template } from "../test/samples";
import { TemplatesPage } from "./templates-page";

const server = testServer();

speakEnglish({ templates, domain, ui });

const sale: TemplateView = {
  ...template,
  id: "t2",
  name: "summer_sale",
  category: "marketing",
  registrations: [{ ...registration, provider: "twilio", status: "rejected", quality: null }],
};
let known: TemplateView[];
let asked: URLSearchParams[];
let syncs: number;

beforeEach(() => {
  known = [template, sale];
  asked = [];
  syncs = 0;
  server.use(
    http.get(`${origin}/api/v1/templates`, ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const status = query.get("status");
      return HttpResponse.json({
        data: known.filter(({ registrations }) => !status || registrations.some((one) => one.status === status)),
      });
    }),
    http.get(`${origin}/api/v1/templates/syncs`, () =>
      HttpResponse.json({
        data: [
          {
            provider: "direct",
            account: "300000000000001",
            channel_ids: ["c1"],
            attempted_at: at,
            due_at: at,
            failures: 1,
            counts: {},
            unreadable: [{ name: "odd", why: "it has a component of another channel" }],
            error: { kind: "denied", message: "the token lacks whatsapp_business_management" },
          },
        ],
      }),
    ),
    http.post(`${origin}/api/v1/templates/syncs`, () => {
      syncs += 1;
      return HttpResponse.json({ data: [] });
    }),
  );
});

function show(search = "", scopes: ("templates:read" | "templates:write")[] = ["templates:read", "templates:write"]) {
  return showPage({ name: "templates", component: TemplatesPage, validateSearch: templatesSearch, search, scopes });
}

test("each template says where it stands, and filters stand in the address", async () => {
  const { user, history } = show();
  const table = await screen.findByRole("table", { name: "Templates" });
  const row = (name: string) => within(table).getByRole("row", { name: new RegExp(name) });
  expect(row("order_shipped")).toHaveTextContent(/Direct.*: Approved.*Medium quality/);
  expect(row("summer_sale")).toHaveTextContent("Twilio: Rejected");
  expect(screen.getByRole("link", { name: "summer_sale" })).toHaveAttribute("href", "/w/w1/templates/t2");

  await user.selectOptions(screen.getByRole("combobox", { name: "Status" }), "Rejected");
  await screen.findByRole("link", { name: "summer_sale" });
  expect(screen.queryByRole("link", { name: "order_shipped" })).toBeNull();
  expect(history.location.search).toBe("?status=rejected");
  expect(asked.at(-1)?.get("status")).toBe("rejected");

  await user.type(screen.getByRole("textbox", { name: "Name or language" }), "nothing");
  await screen.findByText("No template matches");
  expect(history.location.search).toContain("text=nothing");
});

test("words of a filter keep the blank between them while they are typed", async () => {
  const { user, history } = show();
  const words = await screen.findByRole("textbox", { name: "Name or language" });
  await user.type(words, "shipped en");
  expect(words).toHaveValue("shipped en");
  await expect.poll(() => history.location.search).toBe("?text=shipped+en");
  expect(screen.getByRole("link", { name: "order_shipped" })).toBeVisible();
  await user.type(words, "x");
  await screen.findByText("No template matches");
  await user.click(screen.getAllByRole("button", { name: "Clear filters" })[0] as HTMLElement);
  await expect.poll(() => words).toHaveValue("");
});

test("a workspace without templates offers some to begin with; who may only read is offered none", async () => {
  known = [];
  show();
  expect(await screen.findByRole("link", { name: "Order shipped" })).toHaveAttribute(
    "href",
    "/w/w1/templates/new?starter=order_shipped",
  );
});

test("the last comparison's failure is told in full, and another one can be asked for", async () => {
  const { user } = show();
  await screen.findByText("the token lacks whatsapp_business_management");
  expect(screen.getByText("1 template there could not be read")).toBeVisible();
  expect(screen.getByText(/another channel/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Sync" }));
  await expect.poll(() => syncs).toBe(1);
});

test("who may only read can neither make templates nor compare them", async () => {
  show("", ["templates:read"]);
  await screen.findByRole("link", { name: "order_shipped" });
  expect(screen.queryByRole("link", { name: "New template" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Sync" })).toBeNull();
});

test("a list that can't be loaded does not look empty", async () => {
  server.use(
    http.get(`${origin}/api/v1/templates`, () =>
      HttpResponse.json({ type: "", title: "Busy", code: "busy", request_id: "r1", errors: [] }, { status: 503 }),
    ),
  );
  show();
  await screen.findByText("The templates could not be loaded");
  expect(screen.queryByText("No templates yet")).toBeNull();
});
