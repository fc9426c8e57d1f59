import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { DeadLetterGroup, FailOverResult, RetriedMany } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import messages from "../../../i18n/locales/en/messages.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { deadLettersSearch } from "../dead-letters/search";
import { DeadLettersPage } from "./dead-letters-page";

const server = testServer();

speakEnglish({ messages, domain, ui });

const group = (over: Partial<DeadLetterGroup>): DeadLetterGroup => ({
  failure_code: "payment_problem",
  channel_id: "c1",
  channel_name: "Support",
  provider: "twilio",
  count: 12,
  oldest_at: at,
  newest_at: at,
  detail: "Add a payment method.",
  actor: "operator",
  retry_helps: true,
  ...over,
});

const since = "2026-10-23T10:00:00.000000Z";
let groups: DeadLetterGroup[];
let asked: { path: string; body: unknown }[];

beforeEach(() => {
  groups = [
    group({ provider_code: "63018" }),
    group({ count: 3 }),
    group({
      failure_code: "recipient_unreachable",
      provider_code: "63024",
      count: 1,
      actor: "recipient",
      retry_helps: false,
    }),
  ];
  asked = [];
  const take = async (path: string, request: Request) => asked.push({ path, body: await request.json() });
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({
        data: [
          { id: "c1", name: "Support", provider: "twilio" },
          { id: "c2", name: "Backup", provider: "direct" },
        ],
      }),
    ),
    http.get(`${origin}/api/v1/dead-letters`, () =>
      HttpResponse.json({ data: groups, total: groups.reduce((sum, { count }) => sum + count, 0), since }),
    ),
    http.get(`${origin}/api/v1/messages`, ({ request }) => {
      asked.push({ path: "list", body: new URL(request.url).search });
      const failed = (id: string, provider_code?: string) => ({
        id,
        failure: { code: "payment_problem", provider_code },
      });
      return HttpResponse.json({ data: [failed("m9", "63018"), failed("m8")] });
    }),
    http.post(`${origin}/api/v1/messages/retry`, async ({ request }) => {
      await take("retry", request);
      const told: RetriedMany = { requeued: 11, left_out: [{ reason: "channel_missing", count: 1 }] };
      return HttpResponse.json(told);
    }),
    http.post(`${origin}/api/v1/messages/fail-over`, async ({ request }) => {
      await take("fail-over", request);
      const told: FailOverResult = {
        moved: 0,
        stayed: [{ code: "window_closed", count: 2, detail: "The window is closed.", message_ids: ["m1", "m2"] }],
      };
      return HttpResponse.json(told);
    }),
  );
});

function setup() {
  return showPage({
    name: "dead-letters",
    component: DeadLettersPage,
    validateSearch: deadLettersSearch,
    scopes: ["messages:read", "messages:write"],
  });
}

const of = async (n: number) => {
  const list = await screen.findByRole("list", { name: "Failed messages" });
  return within(within(list).getAllByRole("region")[n] as HTMLElement);
};

test("a reason says how many, whose move it is and where they are; all are sent again after a question", async () => {
  const { user } = setup();
  const paid = await of(0);
  expect(paid.getByText("12 messages")).toBeInTheDocument();
  expect(paid.getByText("Code 63018")).toBeInTheDocument();
  expect(paid.getByText("Whoever looks after the channel and its account")).toBeInTheDocument();
  expect(paid.getByRole("link", { name: "See the messages" })).toHaveAttribute(
    "href",
    "/w/w1/messages?state=failed&channel=c1&failure=payment_problem&code=%2263018%22",
  );
  await user.click(paid.getByRole("button", { name: "Send all again" }));
  const question = within(screen.getByRole("alertdialog", { name: "Send 12 messages again?" }));
  expect(question.getByText("Only those with the provider's code 63018.")).toBeInTheDocument();
  expect(asked).toEqual([]);
  await user.click(question.getByRole("button", { name: "Send 12 again" }));
  expect(await screen.findByText("11 messages are in the queue again")).toBeInTheDocument();
  expect(screen.getByText("1 was left out. Their channel was removed.")).toBeInTheDocument();
  expect(asked).toEqual([
    {
      path: "retry",
      body: { failure_code: "payment_problem", channel_id: "c1", since, provider_code: "63018" },
    },
  ]);
});

test("without a provider's code the question counts all that the request means", async () => {
  const { user } = setup();
  await user.click((await of(1)).getByRole("button", { name: "Send all again" }));
  expect(screen.getByRole("alertdialog", { name: "Send 15 messages again?" })).toBeInTheDocument();
});

test("one is tried first: the newest with exactly this reason", async () => {
  const { user } = setup();
  await user.click((await of(1)).getByRole("button", { name: "Try one first" }));
  expect(await screen.findByText("11 messages are in the queue again")).toBeInTheDocument();
  expect(asked.at(-1)).toEqual({ path: "retry", body: { ids: ["m8"] } });
});

test("what stays although it should go by the other provider is told with what keeps it", async () => {
  const { user } = setup();
  const unreachable = await of(2);
  expect(unreachable.getByText("The same message would fail again.")).toBeInTheDocument();
  await user.click(await unreachable.findByRole("button", { name: "Send all by Direct" }));
  const question = within(screen.getByRole("alertdialog", { name: "Send 1 message by Direct?" }));
  await user.click(question.getByRole("button", { name: "Send all by Direct" }));
  expect(await screen.findByText("Nothing goes by Direct")).toBeInTheDocument();
  expect(screen.getByText(/^2 stay as they are\. The person has not written/)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Open the story of one" })).toHaveAttribute(
    "href",
    "/w/w1/messages?message=m1",
  );
  expect(asked.at(-1)?.body).toEqual({ failure_code: "recipient_unreachable", channel_id: "c1", state: "failed" });
});

test("nothing failed is said as what it is, and the way to the unknown ones stands beside it", async () => {
  groups = [];
  setup();
  expect(await screen.findByText("Nothing failed in the last 30 days")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "see the unknown messages." })).toHaveAttribute("href", "/w/w1/unknowns");
});
