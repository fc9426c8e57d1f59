import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ErrorCode } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import texts from "../../../i18n/locales/en/error-codes.json";
import ui from "../../../i18n/locales/en/ui.json";
import { showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { errorCodesSearch } from "../error-codes/search";
import { ErrorCodesPage } from "./error-codes-page";

const server = testServer();
speakEnglish({ "error-codes": texts, domain, ui });

const fails = { action: "fails", note: "Nothing is sent again." } as const;
const windowClosed: ErrorCode = {
  provider: "direct",
  code: 131047,
  last_code: 131047,
  failure: "window_closed",
  cause: "More than 24 hours have passed.",
  advice: "Send a template.",
  at_once: fails,
  late: fails,
  failover: "no",
  failover_note: "The window is closed there too.",
  actor: "author",
  source: "https://developers.facebook.com/codes",
  checked_on: "2026-11-22",
};
const callbacks: ErrorCode = {
  ...windowClosed,
  provider: "twilio",
  code: 11200,
  last_code: 11237,
  failure: "sender_misconfigured",
  cause: "No usable answer.",
  late: { action: "retries", note: "Tried again.", wait_seconds: 60 },
  retries: 3,
};
let asked: string[];

beforeEach(() => {
  asked = [];
  server.use(
    http.get(`${origin}/api/v1/error-codes`, ({ request }) => {
      const { searchParams } = new URL(request.url);
      const query = searchParams.get("query") ?? "";
      asked.push(`${query}|${searchParams.get("provider") ?? ""}`);
      const data = [windowClosed, callbacks].filter(
        ({ code, provider }) =>
          String(code).startsWith(query) && (searchParams.get("provider") ?? provider) === provider,
      );
      return HttpResponse.json({ data });
    }),
  );
});

const show = (search = "") =>
  showPage({
    name: "error-codes",
    component: ErrorCodesPage,
    validateSearch: errorCodesSearch,
    search,
    scopes: ["channels:read"],
  });

test("a code tells cause, reaction, who must act, and whether the other provider helps", async () => {
  show();
  const run = within(await screen.findByRole("article", { name: "Code 11200–11237" }));
  expect(run.getByText("No usable answer.")).toBeVisible();
  expect(run.getByText("Said at once")).toBeVisible();
  expect(run.getByText(/Waits at least 60 seconds\./)).toBeVisible();
  expect(run.getByText("at most 3")).toBeVisible();
  const single = within(screen.getByRole("article", { name: "Code 131047" }));
  expect(single.getByText("What the gateway does")).toBeVisible();
  expect(single.getByText("Whoever wrote the message or the template")).toBeVisible();
});

test("what is typed and chosen stands in the address, and an address finds it again", async () => {
  const { user, router } = show();
  await screen.findByRole("article", { name: "Code 131047" });
  await user.type(screen.getByLabelText("Code or words"), "1310");
  await waitFor(() => expect(screen.queryByRole("article", { name: /11200/ })).toBeNull());
  expect(screen.getByLabelText("Code or words")).toHaveFocus();
  await user.selectOptions(screen.getByLabelText("Provider"), "direct");
  await waitFor(() => expect(asked.at(-1)).toBe("1310|direct"));
  expect(router.state.location.search).toMatchObject({ provider: "direct" });
});

test("nothing found offers to show all again", async () => {
  const { user } = show("?query=999");
  await user.click(await screen.findByRole("button", { name: "Show all" }));
  expect(await screen.findByRole("article", { name: "Code 131047" })).toBeVisible();
  expect(screen.getByLabelText("Code or words")).toHaveValue("");
});

test("a failed load is no empty table", async () => {
  server.use(
    http.get(`${origin}/api/v1/error-codes`, () =>
      HttpResponse.json({ title: "No", status: 500, code: "internal" }, { status: 500 }),
    ),
  );
  show();
  expect(await screen.findByText("The codes could not be loaded")).toBeVisible();
  expect(screen.queryByText("No code matches")).toBeNull();
});
