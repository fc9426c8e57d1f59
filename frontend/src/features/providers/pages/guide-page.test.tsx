import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ChannelView, ProviderKind } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import guidesTexts from "../../../i18n/locales/en/guides.json";
import providers from "../../../i18n/locales/en/providers.json";
import ui from "../../../i18n/locales/en/ui.json";
import { showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { anchorOfField, guides } from "../guide";
import { providersSearch } from "../search";
import { catalogue, directChannel, providerOf } from "../test/samples";
import { GuidePage } from "./guide-page";

const server = testServer();
speakEnglish({ guides: guidesTexts, providers, domain, ui });
let channels: ChannelView[];

beforeEach(() => {
  channels = [];
  server.use(
    http.get(`${origin}/api/v1/providers`, () => HttpResponse.json(catalogue)),
    http.get(`${origin}/api/v1/channels`, () =>
      // The list keeps verify tokens back.
      HttpResponse.json({ data: channels.map((channel) => ({ ...channel, webhook: {} })) }),
    ),
    http.get(`${origin}/api/v1/channels/:id`, () => HttpResponse.json(channels[0])),
  );
});

const show = (provider: string) =>
  showPage({
    name: "guides/$provider",
    filled: `guides/${provider}`,
    component: GuidePage,
    validateSearch: providersSearch,
    scopes: ["channels:read"],
  });

test.each(["twilio", "direct"] satisfies ProviderKind[])("%s: every field of the form has its step", (provider) => {
  const names = providerOf(provider).form.map(({ name }) => name);
  for (const step of guides[provider].steps) {
    for (const field of step.fields) {
      expect(names).toContain(field);
    }
  }
  const required = providerOf(provider).form.filter(
    (field) => field.group !== "advanced" && "required" in field && field.required,
  );
  for (const { name } of required) {
    expect(anchorOfField(provider, name), name).toBeDefined();
  }
});

test("the steps are numbered, and without a channel say that there is nothing to copy yet", async () => {
  show("direct");
  expect(await screen.findByRole("heading", { level: 1, name: "Connecting straight to Meta" })).toBeVisible();
  const steps = within(await screen.findByRole("region", { name: "Step by step" }));
  expect(steps.getAllByRole("listitem")).toHaveLength(guides.direct.steps.length);
  expect(steps.getByText("Fills the field “App secret”")).toBeVisible();
  expect(steps.getAllByText("Appears here once the channel is saved.")).toHaveLength(2);
  expect(steps.queryByRole("link", { name: /^Test and repair/ })).toBeNull();
});

test("with a channel, its callback and its verify token are there to copy", async () => {
  channels = [directChannel];
  show("direct");
  expect(await screen.findByDisplayValue(directChannel.webhook.verify_token ?? "")).toBeVisible();
  expect(screen.getByLabelText("Callback address")).toHaveValue(directChannel.webhook.callback_url);
  expect(screen.getAllByRole("link", { name: "Test and repair “Orders”" })[0]).toBeVisible();
});

test("limits and prices are the API's", async () => {
  show("twilio");
  const limits = within(await screen.findByRole("region", { name: "Limits and prices" }));
  for (const row of catalogue.rows.filter(({ group }) => group === "limits" || group === "cost")) {
    expect(limits.getByText(row.label)).toBeVisible();
  }
});

test("a provider that there is not has no guide", async () => {
  show("carrier-pigeon");
  expect(await screen.findByText("There is no such guide")).toBeVisible();
});
