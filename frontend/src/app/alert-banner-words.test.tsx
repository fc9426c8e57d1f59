import { screen, waitFor } from "@testing-library/react";
import i18next, { type BackendModule, type ReadCallback } from "i18next";
import { HttpResponse, http } from "msw";
import { Suspense } from "react";
import { initReactI18next } from "react-i18next";
import * as v from "valibot";
import { beforeAll, expect, test } from "vitest";
import { keys } from "../api/keys";
import type { AlertView } from "../api/schema.gen";
import texts from "../i18n/locales/en/alerts.json";
import ui from "../i18n/locales/en/ui.json";
import { at, showPage } from "../test/page";
import { origin, testServer } from "../test/server";
import { AlertBanner } from "./alert-banner";

const server = testServer();

/** Those who wait for the words. */
const waiting: ReadCallback[] = [];

beforeAll(async () => {
  const late: BackendModule = {
    type: "backend",
    init: () => {},
    read: (_language, _words, done) => waiting.push(done),
  };
  await i18next
    .use(late)
    .use(initReactI18next)
    .init({
      lng: "en",
      resources: { en: { ui } },
      partialBundledLanguages: true,
      ns: ["ui"],
      defaultNS: "ui",
      fallbackLng: false,
      interpolation: { escapeValue: false },
    });
});

const alert: AlertView = {
  id: "019a2b3c-0000-7000-8000-0000000000a1",
  kind: "quality_red",
  severity: "warning",
  state: "open",
  detail: "The number's quality is low (RED).",
  raised_at: at,
  delivery: "none",
  delivery_tries: 0,
};

test("the place where alerts are read out is there with its words, before there is anything to say", async () => {
  let alerts: AlertView[] = [];
  server.use(http.get(`${origin}/api/v1/alerts`, () => HttpResponse.json({ data: alerts })));
  const { client } = showPage({
    name: "overview",
    component: () => (
      <main>
        <h1>Overview</h1>
        <Suspense>
          <AlertBanner />
        </Suspense>
      </main>
    ),
    validateSearch: v.object({}),
    scopes: ["channels:read"],
  });
  const heading = await screen.findByRole("heading", { name: "Overview" });
  await waitFor(() => expect(waiting).not.toEqual([]));
  // A place that is hidden until its words have come would be shown with them, and nobody hears it.
  expect(heading.nextElementSibling).toBeNull();
  for (const done of waiting) {
    done(null, texts);
  }
  await waitFor(() => expect(heading.nextElementSibling).toHaveAttribute("aria-live", "polite"));
  const place = heading.nextElementSibling;
  expect(place).toBeEmptyDOMElement();

  alerts = [alert];
  await client.invalidateQueries({ queryKey: keys.of("w1", "alerts") });
  await waitFor(() => expect(place).toHaveTextContent(alert.detail));
  expect(place).toBeVisible();
});
