import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import * as v from "valibot";
import { beforeEach, expect, test } from "vitest";
import { deliverySettingsQuery } from "../../api/delivery-settings";
import type { DeliverySettings, Scope } from "../../api/schema.gen";
import texts from "../../i18n/locales/en/delivery-settings.json";
import ui from "../../i18n/locales/en/ui.json";
import { showPage, speakEnglish } from "../../test/page";
import { origin, testServer } from "../../test/server";
import { DeliverySection } from "./delivery-section";

const server = testServer();
speakEnglish({ "delivery-settings": texts, ui });
let stored: DeliverySettings;
let patched: unknown[];

beforeEach(() => {
  patched = [];
  stored = {
    failover: "manual",
    unknown: { deadline_minutes: 60, one_time_code: "give_up" },
    opt_out: { words: ["stop"], opt_in_words: ["start"], scope: "all" },
    time_zone: "Europe/London",
  };
  server.use(
    http.get(`${origin}/api/v1/delivery-settings`, () => HttpResponse.json(stored)),
    http.patch<never, DeliverySettings>(`${origin}/api/v1/delivery-settings`, async ({ request }) => {
      const body = await request.json();
      patched.push(body);
      stored = { ...stored, ...body };
      return HttpResponse.json(stored);
    }),
  );
});

const show = (scopes: Scope[] = ["workspace:read", "workspace:write"]) =>
  showPage({ name: "settings", component: DeliverySection, validateSearch: v.object({}), scopes });

test("quiet hours are checked, saved with their zone, and ended", async () => {
  const { user } = show();
  const part = within(await screen.findByRole("form", { name: "Quiet hours" }));
  await user.click(part.getByRole("checkbox", { name: "Keep quiet hours" }));
  await user.click(part.getByRole("checkbox", { name: "Marketing" }));
  await user.click(part.getByRole("button", { name: "Save: Quiet hours" }));
  expect(await part.findByText("Choose at least one, or switch quiet hours off")).toBeVisible();
  expect(patched).toEqual([]);
  await user.click(part.getByRole("checkbox", { name: "Utility" }));
  const until = part.getByRole("textbox", { name: "Until" });
  await user.clear(until);
  await user.type(until, "24:10");
  await user.click(part.getByRole("button", { name: "Save: Quiet hours" }));
  expect(part.getByText("Write it as 21:00")).toBeVisible();
  await user.clear(until);
  await user.type(until, "7:45");
  await user.click(part.getByRole("button", { name: "Save: Quiet hours" }));
  await waitFor(() =>
    expect(patched).toEqual([
      { quiet_hours: { from: "21:00", until: "07:45", classes: ["utility"] }, time_zone: "Europe/London" },
    ]),
  );
  await waitFor(() => expect(part.getByRole("button", { name: "Save: Quiet hours" })).toBeDisabled());
  expect(until).toHaveValue("07:45");
  await user.click(part.getByRole("checkbox", { name: "Keep quiet hours" }));
  await user.click(part.getByRole("button", { name: "Save: Quiet hours" }));
  await waitFor(() => expect(patched.at(-1)).toEqual({ quiet_hours: null, time_zone: "Europe/London" }));
});

test("a deadline outside of its range is told at its field, and the policy goes with it", async () => {
  const { user } = show();
  const part = within(await screen.findByRole("form", { name: "Unknown messages" }));
  const deadline = part.getByRole("textbox", { name: "Look for evidence for" });
  await user.clear(deadline);
  await user.type(deadline, "4");
  await user.click(part.getByRole("radio", { name: "Send again" }));
  await user.click(part.getByRole("button", { name: /^Save/ }));
  expect(await part.findByText("From 5 to 10080 minutes")).toBeVisible();
  await user.type(deadline, "5");
  await user.click(part.getByRole("button", { name: /^Save/ }));
  await waitFor(() => expect(patched).toEqual([{ unknown: { deadline_minutes: 45, one_time_code: "resend" } }]));
});

test("words are one on each line, and the server's complaint names the word", async () => {
  server.use(
    http.patch(
      `${origin}/api/v1/delivery-settings`,
      async ({ request }) => {
        patched.push(await request.json());
        return HttpResponse.json(
          {
            title: "No",
            status: 422,
            code: "validation_failed",
            errors: [{ field: "opt_out.words[1]", code: "invalid_value", message: "1 to 100 characters" }],
          },
          { status: 422 },
        );
      },
      { once: true },
    ),
  );
  const { user } = show();
  const part = within(await screen.findByRole("form", { name: "Opt-out words" }));
  const words = part.getByRole("textbox", { name: "Words to leave" });
  await user.type(words, "{enter} no more {enter}{enter}");
  await user.click(part.getByRole("button", { name: /^Save/ }));
  expect(await part.findByText("Word 2: 1 to 100 characters")).toBeVisible();
  expect(patched).toEqual([{ opt_out: { words: ["stop", "no more"], opt_in_words: ["start"], scope: "all" } }]);
  await user.click(part.getByRole("button", { name: /^Save/ }));
  await waitFor(() => expect(words).toHaveValue("stop\nno more"));
  expect(part.getByRole("button", { name: /^Save/ })).toBeDisabled();
});

test("what is read again does not touch what is being typed", async () => {
  const { user, client } = show();
  const part = within(await screen.findByRole("form", { name: "Unknown messages" }));
  const deadline = part.getByRole("textbox", { name: "Look for evidence for" });
  await user.clear(deadline);
  await user.type(deadline, "90");
  stored = { ...stored, unknown: { deadline_minutes: 30, one_time_code: "resend" } };
  await client.invalidateQueries({ queryKey: deliverySettingsQuery("w1").queryKey });
  await waitFor(() => expect(part.getByRole("radio", { name: "Send again" })).toBeChecked());
  expect(deadline).toHaveValue("90");
});

test("who may only look can change nothing", async () => {
  show(["workspace:read"]);
  expect(await screen.findByText("Only an owner can change this.")).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Save/ })).toBeNull();
  expect(screen.getByRole("checkbox", { name: "Keep quiet hours" })).toBeDisabled();
});
