import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { HttpResponse, http } from "msw";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, test } from "vitest";
import settings from "../../i18n/locales/en/settings.json";
import ui from "../../i18n/locales/en/ui.json";
import { origin, testServer } from "../../test/server";
import { ToastProvider } from "../../ui/toast";
import { PasswordForm } from "./password-form";

const server = testServer();

beforeAll(async () => {
  await i18next
    .use(initReactI18next)
    .init({ lng: "en", resources: { en: { settings, ui } }, interpolation: { escapeValue: false } });
});

function setup() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ToastProvider>
        <PasswordForm email="owner@example.com" />
      </ToastProvider>
    </QueryClientProvider>,
  );
  return {
    user: userEvent.setup(),
    current: screen.getByLabelText("Current password"),
    next: screen.getByLabelText("New password"),
  };
}

test("complaints stand at their fields, and what was typed stays", async () => {
  server.use(
    http.put(`${origin}/api/v1/session/password`, () =>
      HttpResponse.json(
        {
          type: "/problems/validation_failed",
          title: "Some fields are not valid",
          status: 422,
          code: "validation_failed",
          request_id: "r1",
          errors: [{ field: "current_password", code: "wrong", message: "is not your password" }],
        },
        { status: 422 },
      ),
    ),
  );
  const { user, current, next } = setup();
  const send = () => user.click(screen.getByRole("button", { name: "Change password" }));

  await send();
  await waitFor(() => expect(current).toHaveAccessibleDescription("Fill this in"));
  expect(current).toHaveFocus();
  await user.type(current, "something else");
  await user.type(next, "short");
  await send();
  await waitFor(() => expect(next).toHaveAccessibleDescription(/^At least 12 characters At/));

  await user.type(next, " but longer now");
  await send();
  expect(await screen.findByText("This is not your password")).toBeVisible();
  expect(current).toBeInvalid();
  await waitFor(() => expect(current).toHaveFocus());
  expect(next).toHaveValue("short but longer now");
});

test("a changed password leaves the fields", async () => {
  const sent: unknown[] = [];
  server.use(
    http.put(`${origin}/api/v1/session/password`, async ({ request }) => {
      sent.push(await request.json());
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user, current, next } = setup();
  await user.type(current, "correct horse battery");
  await user.type(next, "another staple entirely");
  await user.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findByText("Your password is changed. All other sessions have ended.")).toBeVisible();
  expect(sent).toEqual([{ current_password: "correct horse battery", new_password: "another staple entirely" }]);
  expect(current).toHaveValue("");
  expect(next).toHaveValue("");
});
