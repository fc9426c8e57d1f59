import { act, screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { keys } from "../../api/keys";
import type { Conversation } from "../../api/schema.gen";
import domain from "../../i18n/locales/en/domain.json";
import phone from "../../i18n/locales/en/phone.json";
import ui from "../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../test/page";
import { origin, testServer } from "../../test/server";
import { phoneSearch } from "./search";
import { VirtualPhone } from "./virtual-phone";

const server = testServer();

const channelId = "01a20461-401d-7141-aa80-16fb1870ee01";

const talk = (customer: string): Conversation => ({
  channel_id: channelId,
  provider: "twilio",
  sender: "+15550001111",
  customer,
  window_open: true,
  typing: false,
  messages: [
    {
      provider_message_id: customer,
      direction: "inbound",
      text: `Hi from ${customer}`,
      content: { kind: "text", text: `Hi from ${customer}` },
      status: "delivered",
      at,
      typing: false,
      forwarded: "no",
      referred: false,
      edited: false,
      deleted: false,
    },
  ],
  has_earlier: false,
});

/** Most recent first; a page holds two, whatever is asked for. */
let talks: Conversation[];

speakEnglish({ phone, domain, ui });

beforeEach(() => {
  talks = ["+15551230001", "+15551230002", "+15551230003"].map(talk);
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({
        data: [{ id: channelId, provider: "twilio", name: "Sandbox", sender_number: "+15550001111" }],
      }),
    ),
    http.get(`${origin}/api/v1/messages`, () => HttpResponse.json({ data: [] })),
    http.get(`${origin}/api/v1/providers/twilio`, () => HttpResponse.json({ capabilities: { inbound: [] } })),
    http.get(`${origin}/api/v1/sandbox/faults`, () => HttpResponse.json({ data: [] })),
    http.get(`${origin}/api/v1/sandbox/magic-numbers`, () => HttpResponse.json({ data: [] })),
    http.get(`${origin}/api/v1/sandbox/ledger`, () => HttpResponse.json({ data: [] })),
    http.get(`${origin}/api/v1/sandbox/conversations`, ({ request }) => {
      const query = new URL(request.url).searchParams;
      const customer = query.get("customer");
      if (customer && !customer.startsWith("+")) {
        return HttpResponse.json({ code: "invalid_parameter", title: "A parameter is wrong" }, { status: 400 });
      }
      const found = talks.filter((one) => !customer || one.customer === customer);
      const from = Number(query.get("cursor") ?? 0);
      const to = from + Math.min(2, Number(query.get("limit")));
      return HttpResponse.json({
        data: found.slice(from, to),
        ...(to < found.length && query.get("limit") !== "1" && { next_cursor: String(to) }),
      });
    }),
  );
});

async function setup(search = "") {
  return showPage({
    name: "phone",
    component: VirtualPhone,
    validateSearch: phoneSearch,
    search,
    scopes: ["messages:read", "channels:read", "sandbox:write"],
  });
}

const threads = () => screen.findByRole("list", { name: "Conversations" });
const thePhone = () => screen.getByRole("region", { name: "Phone" });

test("the list comes in pages, and the most recent conversation is on the phone until another is chosen", async () => {
  const { user, client } = await setup();
  expect(within(await threads()).getAllByRole("link")).toHaveLength(2);
  expect(await within(thePhone()).findByText("Hi from +15551230001")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Load more" }));
  await vi.waitFor(async () => expect(within(await threads()).getAllByRole("link")).toHaveLength(3));
  expect(screen.queryByRole("button", { name: "Load more" })).toBeNull();

  talks = [talk("+15551230009"), ...talks];
  await act(() => client.invalidateQueries({ queryKey: keys.of("w1", "sandbox") }));
  expect(await within(await threads()).findByText("Hi from +15551230009")).toBeVisible();
  expect(within(thePhone()).getByText("Hi from +15551230001")).toBeVisible();
  expect(within(await threads()).getAllByRole("link")[1]).toHaveAttribute("aria-current");
});

test("a customer who is not on the first page is opened by the address", async () => {
  await setup(`?channel=${channelId}&customer=${encodeURIComponent('"+15551230003"')}`);
  expect(await screen.findByText("On the phone of +15551230003")).toBeVisible();
  expect(within(thePhone()).getByText("Hi from +15551230003")).toBeVisible();
  const [first, ...others] = within(await threads()).getAllByRole("link");
  expect(first).toHaveAttribute("aria-current");
  expect(first).toHaveTextContent("Hi from +15551230003");
  expect(others).toHaveLength(2);
});

test("somebody who never wrote has a telephone, and what is no customer is said to be none", async () => {
  const { user } = await setup();
  await user.click(await screen.findByText("Another customer"));
  await user.type(screen.getByLabelText("Number or user id"), "+44 7700 900555");
  await user.click(screen.getByRole("button", { name: "Open" }));
  expect(await within(thePhone()).findByText(/Nothing here yet/)).toBeVisible();
  expect(screen.getByText("On the phone of +447700900555")).toBeVisible();
});

test("an address that names no customer says so in the place of the phone", async () => {
  await setup("?customer=Ada");
  expect(await screen.findByText("A parameter is wrong")).toBeVisible();
  expect(within(await threads()).getAllByRole("link")).toHaveLength(2);
});
