import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import * as v from "valibot";
import { beforeEach, expect, test } from "vitest";
import type { Scope } from "../../api/schema.gen";
import texts from "../../i18n/locales/en/alerts.json";
import ui from "../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../test/page";
import { origin, testServer } from "../../test/server";
import { AlertsSection } from "./alerts-section";

const server = testServer();
speakEnglish({ alerts: texts, ui });
const url = "https://ops.example/hooks/duplex";
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
let endpoint: object | undefined;

beforeEach(() => {
  endpoint = undefined;
  server.use(
    http.get(`${origin}/api/v1/alerts`, () => HttpResponse.json({ data: [] })),
    http.get(`${origin}/api/v1/alert-endpoint`, () =>
      endpoint
        ? HttpResponse.json(endpoint)
        : HttpResponse.json({ title: "None", status: 404, code: "not_found" }, { status: 404 }),
    ),
    http.put(`${origin}/api/v1/alert-endpoint`, () => {
      endpoint = { url, created_at: at, updated_at: at };
      return HttpResponse.json({ ...endpoint, secret });
    }),
    http.post(`${origin}/api/v1/alert-endpoint/test`, () =>
      HttpResponse.json({ delivered: false, error: "it answered 500" }),
    ),
  );
});

const show = (scopes: Scope[]) =>
  showPage({ name: "settings", component: AlertsSection, validateSearch: v.object({}), scopes });

test("an address is set, its secret shown once, and a test says whether it was taken", async () => {
  const { user } = show(["channels:read", "workspace:read", "workspace:write"]);
  expect(await screen.findByText("No alert so far")).toBeVisible();
  await user.type(await screen.findByLabelText("Address"), url);
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByLabelText("Signing secret")).toHaveValue(secret);
  await user.click(await screen.findByRole("button", { name: "Send a test" }));
  expect(await screen.findByText("The endpoint did not take the test")).toBeVisible();
  expect(screen.getByText("it answered 500")).toBeVisible();
});

test("a refused address is told at its field, and stays typed", async () => {
  server.use(
    http.put(`${origin}/api/v1/alert-endpoint`, () =>
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
  const { user } = show(["channels:read", "workspace:read", "workspace:write"]);
  const field = await screen.findByLabelText("Address");
  await user.type(field, "http://ops.example");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("must be https")).toBeVisible();
  expect(field).toHaveValue("http://ops.example");
});

test("what is done next is told alone: no failure and no test's result of before stays", async () => {
  const refused = HttpResponse.json({ title: "Busy", status: 503, code: "busy", errors: [] }, { status: 503 });
  endpoint = { url, created_at: at, updated_at: at };
  server.use(
    http.delete(`${origin}/api/v1/alert-endpoint`, () => refused, { once: true }),
    http.delete(`${origin}/api/v1/alert-endpoint`, () => {
      endpoint = undefined;
      return new HttpResponse(undefined, { status: 204 });
    }),
  );
  const { user } = show(["channels:read", "workspace:read", "workspace:write"]);
  await user.click(await screen.findByRole("button", { name: "Send a test" }));
  await screen.findByText("it answered 500");
  await user.click(screen.getByRole("button", { name: texts.endpoint.remove }));
  expect(await screen.findByText(texts.endpoint.notDone)).toBeVisible();
  expect(screen.queryByText("it answered 500")).toBeNull();

  await user.type(screen.getByLabelText("Address"), "/2");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByLabelText("Signing secret")).toHaveValue(secret);
  expect(screen.queryByText(texts.endpoint.notDone)).toBeNull();

  // The secret is told once: a test does not take it away.
  await user.click(screen.getByRole("button", { name: "Send a test" }));
  await screen.findByText("it answered 500");
  expect(screen.getByLabelText("Signing secret")).toHaveValue(secret);

  await user.click(screen.getByRole("button", { name: texts.endpoint.remove }));
  await expect.poll(() => screen.queryByRole("button", { name: texts.endpoint.remove })).toBeNull();
  expect(screen.queryByText("it answered 500")).toBeNull();
  expect(screen.queryByLabelText("Signing secret")).toBeNull();
});

test("who may only look sees where alerts go", async () => {
  endpoint = { url, created_at: at, updated_at: at };
  show(["channels:read", "workspace:read"]);
  expect(await screen.findByText(url)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});
