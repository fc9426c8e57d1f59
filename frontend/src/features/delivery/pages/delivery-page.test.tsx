import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ChannelLimits, Event, Readiness, Scope } from "../../../api/schema.gen";
import texts from "../../../i18n/locales/en/delivery.json";
import settings from "../../../i18n/locales/en/delivery-settings.json";
import domain from "../../../i18n/locales/en/domain.json";
import shell from "../../../i18n/locales/en/shell.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { deliverySearch } from "../search";
import { DeliveryPage } from "./delivery-page";

const server = testServer();
speakEnglish({ delivery: texts, "delivery-settings": settings, domain, shell, ui });

const throttled = { code: "throttled_sender", provider_code: "130429", detail: "Rate limit hit." } as const;
const down = { code: "provider_unavailable", detail: "503 for a minute." } as const;
const figure = (value: number) => ({ value, source: "direct.md", checked_on: "2026-11-22" });
const limits: ChannelLimits[] = [
  {
    channel_id: "c1",
    ceiling: { messages_per_second: 80, source: "general" },
    rate: { messages_per_second: 36, lowered_at: at, failure: throttled, updated_at: at },
    pair: { seconds_per_message: figure(6), burst: figure(45) },
    people: { people: 1_000, source: "set", reached: 960 },
    circuit: { state: "open", reason: down, probe_at: at, changed_at: at },
    management: {
      limit_per_hour: 5_000,
      kept_per_hour: 2_250,
      used_last_hour: 1_204,
      reported_percent: 97,
      state: "closed",
      reason: "refused",
      provider_code: "80007",
      until: at,
    },
  },
];
const entry = (seq: number, type: Event["type"], data: object): Event => ({
  seq,
  id: `e${seq}`,
  type,
  at,
  channel_id: "c1",
  data: { ...data },
});
const readiness: Readiness = {
  mode: "manual",
  markets: ["Brazil", "Germany"],
  ways: [
    {
      from_channel_id: "c1",
      to_channel_id: "c2",
      to_provider: "twilio",
      fee_difference: { micros: 5_000, currency: "USD" },
      open_windows: 1,
      templates: [
        {
          template_id: "t1",
          name: "parcel",
          language: "en",
          ready: true,
          category: "utility",
          backup_category: "marketing",
          backup_status: "approved",
          prices: [],
        },
        {
          template_id: "t2",
          name: "offer",
          language: "en",
          ready: false,
          obstacle: { code: "template_not_ready", detail: "offer in en was never submitted at Twilio main." },
          category: "marketing",
          prices: [],
        },
      ],
    },
  ],
};
let asked: string[];
let patched: unknown[];

beforeEach(() => {
  asked = [];
  patched = [];
  const mode = { failover: "manual" };
  server.use(
    http.get(`${origin}/api/v1/channel-limits`, () => HttpResponse.json({ data: limits })),
    http.get(`${origin}/api/v1/channels`, () => HttpResponse.json({ data: [] })),
    http.get(`${origin}/api/v1/events`, ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams.getAll("type").join());
      // The newest places hold nothing of these types: the reader has to look further back.
      const data = searchParams.get("before")
        ? [
            entry(9, "channel.circuit_opened", { reason: "12 of the last 20 messages failed.", failure: down }),
            entry(8, "channel.rate_changed", { messages_per_second: 36, lowered: true, failure: throttled }),
            entry(7, "channel.held", { by: "person" }),
          ]
        : [];
      return HttpResponse.json({ data, head: 400, next_after: 400, next_before: data.length > 0 ? null : 200 });
    }),
    http.get(`${origin}/api/v1/delivery-settings`, () => HttpResponse.json(mode)),
    http.patch(`${origin}/api/v1/delivery-settings`, async ({ request }) => {
      const body = await request.json();
      patched.push(body);
      return HttpResponse.json(Object.assign(mode, body));
    }),
    http.get(`${origin}/api/v1/failover/readiness`, ({ request }) => {
      const markets = new URL(request.url).searchParams.get("markets")?.split(",") ?? [];
      const prices = markets.map((market) => ({
        market,
        own: { micros: 6_800, currency: "USD" },
        backup: { micros: 11_800, currency: "USD" },
        difference: { micros: 5_000, currency: "USD" },
      }));
      return HttpResponse.json({
        ...readiness,
        ways: readiness.ways.map((way) => ({
          ...way,
          templates: way.templates.map((template) => ({ ...template, prices })),
        })),
      });
    }),
  );
});

const all: Scope[] = ["channels:read", "events:read", "messages:read", "workspace:read", "workspace:write"];
const show = (search = "", scopes = all) =>
  showPage({ name: "delivery", component: DeliveryPage, validateSearch: deliverySearch, search, scopes });

test("a lowered rate and an open circuit say since when and because of what", async () => {
  show();
  const card = within(await screen.findByRole("region", { name: "Channel" }));
  expect(card.getByText("80 messages a second")).toBeVisible();
  expect(card.getByText("What the provider says of senders in general.")).toBeVisible();
  expect(card.getByText("36 messages a second")).toBeVisible();
  expect(card.getByText(/Lowered since/)).toBeVisible();
  expect(card.getByText("The sender is too fast")).toBeVisible();
  expect(card.getByText("One message every 6 seconds, at most 45 at once")).toBeVisible();
  expect(card.getByText("960 of 1,000")).toBeVisible();
  expect(card.getByText(/^Used up: messages/)).toBeVisible();
  expect(card.getByText("1,204 of 2,250 in the last hour")).toBeVisible();
  expect(card.getByText("Meta says that 97 % of the hour is used.")).toBeVisible();
  expect(card.getByText(/^Used up: checks and templates wait.*code 80007/)).toBeVisible();
  expect(card.getByText("Circuit open")).toBeVisible();
  expect(card.getByText("The provider is not available")).toBeVisible();
});

const changeOf = "Change how many new people Channel may write to";

test("how many new people a day may bring is set, left to the provider, and complained of at its field", async () => {
  server.use(
    http.patch(`${origin}/api/v1/channel-limits/c1`, async ({ request }) => {
      const body = (await request.json()) as { people_per_day: number | null };
      if (body.people_per_day === 5_000_000_000) {
        const errors = [{ field: "people_per_day", code: "invalid_type", message: "too large a number" }];
        const problem = { title: "Some fields are not valid", status: 422, code: "validation_failed", errors };
        return HttpResponse.json(problem, { status: 422 });
      }
      patched.push(body);
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = show("", [...all, "channels:write"]);
  await user.click(await screen.findByRole("button", { name: changeOf }));
  const field = () => screen.getByRole("textbox", { name: /^People/ });
  expect(field()).toHaveValue("1000");
  const save = () => user.click(screen.getByRole("button", { name: "Save" }));

  await user.clear(field());
  await user.type(field(), "0");
  await save();
  expect(field()).toHaveAccessibleDescription(expect.stringContaining("A whole number from 1, or nothing."));
  await user.clear(field());
  await user.type(field(), "5000000000");
  await save();
  await waitFor(() => expect(field()).toHaveAccessibleDescription(expect.stringContaining("too large a number")));
  expect(patched).toEqual([]);

  await user.clear(field());
  await user.type(field(), "2000");
  await save();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await user.click(screen.getByRole("button", { name: changeOf }));
  await user.clear(field());
  await save();
  await waitFor(() => expect(patched).toEqual([{ people_per_day: 2_000 }, { people_per_day: null }]));
});

test("who may not change channels finds no button for it", async () => {
  show();
  expect(await screen.findByText("960 of 1,000")).toBeVisible();
  expect(screen.queryByRole("button", { name: changeOf })).toBeNull();
});

test("the log of turns asks for its own types only, and looks back until it finds some", async () => {
  show();
  const log = within(await screen.findByRole("list", { name: "What turned" }));
  expect(log.getAllByRole("listitem").map((row) => row.querySelector("p")?.textContent)).toEqual([
    expect.stringMatching(/^Circuit opened/),
    expect.stringMatching(/^Rate lowered/),
    expect.stringMatching(/^Held/),
  ]);
  expect(log.getByText("12 of the last 20 messages failed.")).toBeVisible();
  expect(log.getByText("36 messages a second from then on")).toBeVisible();
  expect(log.getByText("By hand.")).toBeVisible();
  expect(asked[0]).toContain("channel.circuit_opened");
  expect(asked).toHaveLength(2);
});

test("readiness says why not, warns of another category, and compares prices of chosen markets", async () => {
  const { user, router } = show("?tab=readiness");
  const way = within(await screen.findByRole("region", { name: "From Direct to Twilio" }));
  expect(way.getByText("1 of 2 templates could go.")).toBeVisible();
  expect(way.getByText("+$0.005 for each message")).toBeVisible();
  expect(way.getByText("offer in en was never submitted at Twilio main.")).toBeVisible();
  expect(way.getAllByText("Utility here, Marketing there").length).toBeGreaterThan(0);

  await user.selectOptions(screen.getByRole("combobox", { name: "Compare prices in" }), "Brazil");
  expect(await way.findByRole("columnheader", { name: "Brazil" })).toBeVisible();
  expect((await way.findAllByText("$0.0068 here, $0.0118 there")).length).toBeGreaterThan(0);
  expect(router.state.location.search).toMatchObject({ markets: ["Brazil"] });

  await user.selectOptions(screen.getByRole("combobox", { name: "Templates" }), "not_ready");
  await waitFor(() => expect(screen.queryByText("parcel")).toBeNull());
  expect(screen.getByText("offer")).toBeVisible();
});

test("the mode is taken as soon as it is chosen, and who may only look can't choose", async () => {
  const { user } = show("?tab=readiness");
  await user.click(await screen.findByRole("radio", { name: "By itself" }));
  await waitFor(() => expect(patched).toEqual([{ failover: "automatic" }]));
  expect(screen.getByRole("radio", { name: "By itself" })).toBeChecked();
});

test("who may only look sees the mode and can't change it", async () => {
  show("?tab=readiness", ["messages:read", "workspace:read"]);
  expect(await screen.findByText("Only an owner can change this.")).toBeVisible();
  expect(await screen.findByRole("radio", { name: "By hand" })).toBeDisabled();
});

test("a failed load never looks like nothing", async () => {
  server.use(
    http.get(`${origin}/api/v1/channel-limits`, () =>
      HttpResponse.json({ title: "No", status: 500, code: "internal" }, { status: 500 }),
    ),
  );
  show();
  expect(await screen.findByText("The limits could not be loaded")).toBeVisible();
  expect(screen.queryByText("No channel yet")).toBeNull();
});
