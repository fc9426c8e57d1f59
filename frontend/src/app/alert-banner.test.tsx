import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import * as v from "valibot";
import { beforeEach, expect, test } from "vitest";
import { keys } from "../api/keys";
import type { AlertView } from "../api/schema.gen";
import texts from "../i18n/locales/en/alerts.json";
import ui from "../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../test/page";
import { origin, testServer } from "../test/server";
import { AlertBanner } from "./alert-banner";

const server = testServer();
speakEnglish({ alerts: texts, ui });

const quality: AlertView = {
  id: "019a2b3c-0000-7000-8000-0000000000a1",
  kind: "quality_red",
  severity: "warning",
  state: "open",
  channel_id: "019a2b3c-0000-7000-8000-000000000001",
  detail: "The number's quality is low (RED).",
  cure: "Send fewer marketing messages.",
  raised_at: at,
  delivery: "none",
  delivery_tries: 0,
};
const token: AlertView = {
  ...quality,
  id: "019a2b3c-0000-7000-8000-0000000000a2",
  kind: "token_dead",
  severity: "critical",
};
let alerts: AlertView[];

beforeEach(() => {
  sessionStorage.clear();
  alerts = [quality];
  server.use(http.get(`${origin}/api/v1/alerts`, () => HttpResponse.json({ data: alerts })));
});

const show = () =>
  showPage({ name: "overview", component: AlertBanner, validateSearch: v.object({}), scopes: ["channels:read"] });

test("the gravest alert speaks, with what to do and the way to its channel", async () => {
  alerts = [quality, token];
  show();
  expect(await screen.findByText(/Critical: The access token is dead/)).toBeVisible();
  expect(screen.getByText("Send fewer marketing messages.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Open the channel" })).toHaveAttribute(
    "href",
    `/w/w1/channels/${token.channel_id}`,
  );
  expect(screen.getByRole("link", { name: "See all 2 alerts" })).toBeVisible();
});

test("what was put away in one workspace stays away while another one is looked at", async () => {
  sessionStorage.setItem("duplex.alerts-put-away", "of-another-workspace");
  const { user } = show();
  await user.click(await screen.findByRole("button", { name: "Put away until there is a new alert" }));
  expect(sessionStorage.getItem("duplex.alerts-put-away")?.split(" ")).toEqual(["of-another-workspace", quality.id]);
});

test("an alert that comes later is read out, and the page has the focus when it is put away", async () => {
  alerts = [];
  const { user, client } = showPage({
    name: "overview",
    component: () => (
      <>
        <AlertBanner />
        <h1 tabIndex={-1}>Overview</h1>
      </>
    ),
    validateSearch: v.object({}),
    scopes: ["channels:read"],
  });
  const heading = await screen.findByRole("heading", { name: "Overview" });
  const region = heading.previousElementSibling;
  expect(region).toHaveAttribute("aria-live", "polite");
  alerts = [quality];
  await client.invalidateQueries({ queryKey: keys.of("w1", "alerts") });
  await waitFor(() => expect(region).toHaveTextContent("The number's quality is low"));
  await user.click(screen.getByRole("button", { name: "Put away until there is a new alert" }));
  expect(region).toBeEmptyDOMElement();
  expect(heading).toHaveFocus();
});

test("put away, it stays away until there is another, and ends with the alert", async () => {
  const { user, client } = show();
  await user.click(await screen.findByRole("button", { name: "Put away until there is a new alert" }));
  expect(screen.queryByRole("region", { name: "Open alerts" })).toBeNull();

  alerts = [quality, token];
  await client.invalidateQueries({ queryKey: keys.of("w1", "alerts") });
  expect(await screen.findByText(/Critical: The access token is dead/)).toBeVisible();
  expect(screen.getByRole("link", { name: "See the alert" })).toBeVisible();

  alerts = [];
  await client.invalidateQueries({ queryKey: keys.of("w1", "alerts") });
  await waitFor(() => expect(screen.queryByRole("region", { name: "Open alerts" })).toBeNull());
});
