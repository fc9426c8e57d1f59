import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, test } from "vitest";
import type { CreatedApiKey, Membership, NewApiKey } from "../../api/schema.gen";
import { WorkspaceProvider } from "../../api/workspace";
import developers from "../../i18n/locales/en/developers.json";
import shell from "../../i18n/locales/en/shell.json";
import ui from "../../i18n/locales/en/ui.json";
import { origin, testServer } from "../../test/server";
import { CreateKeyDialog } from "./create-key-dialog";

const server = testServer();
const secret = "dpx_4fT9aQ2bM0xYv7Kc1Rz8Wn5Ps3Lh6Jd2Gf4Ea9Uo0Ti";
const at = "2026-05-03T10:00:00Z";
const membership: Membership = {
  workspace: {
    id: "w1",
    name: "Main",
    environment: "sandbox",
    whatsapp_provider: "twilio",
    created_at: at,
    updated_at: at,
  },
  role: "owner",
  scopes: ["messages:read", "messages:write", "channels:read", "events:read", "workspace:read", "api_keys:write"],
};

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: "en",
    resources: { en: { developers, shell, ui } },
    defaultNS: "shell",
    interpolation: { escapeValue: false },
  });
});

function Opener() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {open ? <CreateKeyDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function setup() {
  const client = new QueryClient();
  render(
    <QueryClientProvider client={client}>
      <WorkspaceProvider membership={membership}>
        <Opener />
      </WorkspaceProvider>
    </QueryClientProvider>,
  );
  return { client, user: userEvent.setup() };
}

test("a key's secret is shown once and is nowhere after the dialog is closed", async () => {
  const asked: NewApiKey[] = [];
  server.use(
    http.post<never, NewApiKey>(`${origin}/api/v1/api-keys`, async ({ request }) => {
      const body = await request.json();
      asked.push(body);
      const created: CreatedApiKey = {
        ...body,
        id: "k1",
        prefix: "dpx_4fT9aQ2b",
        created_at: at,
        expires_at: null,
        secret,
      };
      return HttpResponse.json(created, { status: 201 });
    }),
  );
  const { client, user } = setup();
  await user.click(screen.getByRole("button", { name: "Open" }));
  await user.type(screen.getByRole("textbox", { name: "Name" }), " shop backend ");
  await user.click(screen.getByRole("button", { name: "Read only" }));
  await user.click(screen.getByRole("button", { name: "Create key" }));

  expect(await screen.findByRole("textbox", { name: "API key" })).toHaveValue(secret);
  expect(screen.getByText(`export DUPLEX_KEY='${secret}'`)).toBeVisible();
  expect(asked).toEqual([
    { name: "shop backend", scopes: ["messages:read", "channels:read", "events:read", "workspace:read"] },
  ]);

  await user.click(screen.getByRole("button", { name: "I have stored it" }));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Open" }));
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("");
  await waitFor(() => expect(client.getMutationCache().getAll()).toEqual([]));
  expect(document.documentElement.outerHTML).not.toContain(secret);
});

test("what the server refuses stands at its field, and the same request keeps its name", async () => {
  const names: (string | null)[] = [];
  server.use(
    http.post(`${origin}/api/v1/api-keys`, ({ request }) => {
      names.push(request.headers.get("idempotency-key"));
      if (names.length === 1) {
        return HttpResponse.error();
      }
      return HttpResponse.json(
        {
          type: "/problems/validation_failed",
          title: "Some fields are not valid",
          status: 422,
          code: "validation_failed",
          request_id: "r1",
          errors: [{ field: "scopes[1]", code: "not_yours", message: "you don't have messages:read" }],
        },
        { status: 422 },
      );
    }),
  );
  const { user } = setup();
  await user.click(screen.getByRole("button", { name: "Open" }));
  await user.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByText("Give it a name")).toBeVisible();
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveFocus();

  await user.type(screen.getByRole("textbox", { name: "Name" }), "shop");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The key could not be made");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByText("You can't give away what you may not do yourself.")).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: "Name" }), "s");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  await waitFor(() => expect(names).toHaveLength(3));
  expect(names[0]).toBeTruthy();
  expect(names[1]).toBe(names[0]);
  expect(names[2]).not.toBe(names[0]);
});
