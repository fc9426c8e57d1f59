import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { HttpResponse, http } from "msw";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, test } from "vitest";
import type { Membership } from "../../api/schema.gen";
import { WorkspaceProvider } from "../../api/workspace";
import domain from "../../i18n/locales/en/domain.json";
import phone from "../../i18n/locales/en/phone.json";
import ui from "../../i18n/locales/en/ui.json";
import { origin, testServer } from "../../test/server";
import { CustomerPhone } from "./customer-phone";
import type { Thread } from "./model";

const server = testServer();
const at = "2026-11-22T10:00:00.000000Z";
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
  scopes: ["sandbox:write"],
};
const thread: Thread = {
  channel: "c1",
  provider: "twilio",
  customer: "+447700900123",
  name: "Ada",
  sender: "+15550001111",
  windowOpen: true,
  messages: [
    {
      provider_message_id: "SM1",
      direction: "outbound",
      text: "Your parcel",
      content: { kind: "text", text: "Your parcel" },
      status: "read",
      at,
      typing: false,
      forwarded: "no",
      referred: false,
      edited: false,
      deleted: false,
    },
  ],
  hasEarlier: false,
};

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: "en",
    resources: { en: { phone, domain, ui } },
    interpolation: { escapeValue: false },
  });
});

test("an answer keeps its words when it is refused, and goes with what it answers", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post(`${origin}/api/v1/sandbox/replies`, async ({ request }) => {
      asked.push(await request.json());
      return asked.length === 1
        ? HttpResponse.json({ code: "busy", title: "Too busy", errors: [] }, { status: 503 })
        : HttpResponse.json({ provider_message_id: "SM2", delivered: true }, { status: 201 });
    }),
  );
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WorkspaceProvider membership={membership}>
        <CustomerPhone thread={thread} />
      </WorkspaceProvider>
    </QueryClientProvider>,
  );
  const field = screen.getByLabelText("Message");
  const send = screen.getByRole("button", { name: "Send answer" });

  await user.click(send);
  expect(field).toHaveAccessibleDescription("Write something first.");

  await user.click(screen.getByRole("button", { name: "Answer this" }));
  expect(field).toHaveFocus();
  await user.type(field, "Thank you!");
  await user.click(send);
  expect(await screen.findByText("Too busy")).toBeVisible();
  expect(field).toHaveValue("Thank you!");

  await user.click(send);
  await expect.poll(() => field).toHaveValue("");
  expect(asked.at(-1)).toEqual({
    channel_id: "c1",
    from: "+447700900123",
    content: { kind: "text", text: "Thank you!" },
    reply_to: "SM1",
  });
  expect(screen.queryByRole("button", { name: "Don't quote" })).toBeNull();
});
