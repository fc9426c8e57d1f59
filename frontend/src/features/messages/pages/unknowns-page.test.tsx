import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { Scope, SettleUnknowns, UnknownView } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import messages from "../../../i18n/locales/en/messages.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { unknownsSearch } from "../unknowns/search";
import { UnknownsPage } from "./unknowns-page";

const server = testServer();

speakEnglish({ messages, domain, ui });

const failure = { code: "answer_lost", detail: "The connection broke after the request had left." } as const;

function unknown(n: number): UnknownView {
  return {
    message: {
      id: `m${n}`,
      direction: "outbound",
      channel_id: "c1",
      person: `+44770090012${n}`,
      content: { type: "text", body: `Parcel ${n}` },
      state: "unknown",
      class: "utility",
      failure,
      attempts: 1,
      run_at: at,
      created_at: at,
    },
    attempt: {
      id: `a${n}`,
      n: 1,
      channel_id: "c1",
      state: "unknown",
      failure,
      created_at: at,
      left_at: at,
      inquiry: {
        asked: 2,
        looks: [
          { at, outcome: "none_found", sent_after: at, sent_before: at, listed: 3, candidates: [] },
          {
            at: "2026-11-22T10:01:00Z",
            outcome: "several",
            sent_after: at,
            sent_before: at,
            listed: 5,
            candidates: ["SM1", "SM2"],
          },
        ],
      },
    },
    next_look_at: "2026-11-22T10:05:00Z",
    deadline_at: "2026-11-22T11:00:00Z",
    policy: "give_up",
  };
}

let tray: UnknownView[];
let asked: string[];
let decided: { path: string; body: unknown }[];

beforeEach(() => {
  tray = [unknown(1), unknown(2), unknown(3)];
  asked = [];
  decided = [];
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({ data: [{ id: "c1", name: "Support", provider: "twilio" }] }),
    ),
    http.get(`${origin}/api/v1/unknowns`, ({ request }) => {
      const { search, searchParams } = new URL(request.url);
      asked.push(search);
      const data = searchParams.has("given_up") ? [] : tray;
      return HttpResponse.json({ data, total: data.length });
    }),
    http.post(`${origin}/api/v1/messages/:id/settle-unknown`, async ({ request, params }) => {
      decided.push({ path: String(params["id"]), body: await request.json() });
      tray = tray.filter(({ message }) => message.id !== params["id"]);
      return HttpResponse.json({ decided: 1, left_out: [] });
    }),
    http.post<never, SettleUnknowns>(`${origin}/api/v1/unknowns/settle`, async ({ request }) => {
      const body = await request.json();
      decided.push({ path: "all", body });
      tray = tray.filter(({ message }) => !body.ids?.includes(message.id));
      return HttpResponse.json({ decided: 1, left_out: [{ id: "m3", reason: "message_not_unknown" }] });
    }),
  );
});

async function setup(search = "", scopes: Scope[] = ["messages:read", "messages:write"]) {
  return showPage({ name: "unknowns", component: UnknownsPage, validateSearch: unknownsSearch, search, scopes });
}

test("each message shows what is known of it, and a person's word needs to be a choice", async () => {
  const { user } = await setup();
  const first = within(await screen.findByRole("article", { name: "+44 770 090 0121" }));
  expect(first.getByText("Parcel 1")).toBeInTheDocument();
  expect(first.getByText("The provider's answer was lost")).toBeInTheDocument();
  expect(first.getByText(/^2 times: Several messages at the provider fit/)).toBeInTheDocument();
  expect(first.getByText(/never sent again by itself/)).toBeInTheDocument();
  await user.click(first.getByText("Looks for evidence"));
  expect(first.getByText("SM2")).toBeVisible();

  await user.click(first.getByRole("button", { name: "Send it again" }));
  const dialog = within(screen.getByRole("dialog", { name: "What became of this message?" }));
  expect(dialog.getByText("The person may get it twice")).toBeInTheDocument();
  await user.click(dialog.getByRole("radio", { name: "It did not arrive" }));
  expect(dialog.queryByText("The person may get it twice")).not.toBeInTheDocument();
  await user.type(dialog.getByRole("textbox", { name: /^Reason/ }), " Asked by phone ");
  await user.click(dialog.getByRole("button", { name: "Count as failed" }));
  await waitFor(() => expect(screen.queryByText("Parcel 1")).not.toBeInTheDocument());
  expect(decided).toEqual([{ path: "m1", body: { decision: "failed", reason: "Asked by phone" } }]);
});

test("several are decided at once, and those that something else had settled are told", async () => {
  const { user } = await setup();
  await user.click(await screen.findByRole("checkbox", { name: "+44 770 090 0121" }));
  await user.click(screen.getByRole("checkbox", { name: "+44 770 090 0122" }));
  expect(screen.getByText("2 selected")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Decide for the selected" }));
  const dialog = within(screen.getByRole("dialog", { name: "What became of these 2 messages?" }));
  await user.click(dialog.getByRole("button", { name: "Decide" }));
  expect(dialog.getByRole("radiogroup")).toHaveAccessibleDescription("Choose one");
  expect(decided).toEqual([]);
  await user.click(dialog.getByRole("radio", { name: "It arrived" }));
  await user.click(dialog.getByRole("button", { name: "Count as arrived" }));
  expect(await screen.findByText("1 message was left as it was")).toBeInTheDocument();
  expect(decided).toEqual([{ path: "all", body: { decision: "accepted", ids: ["m1", "m2"] } }]);
});

test("a word that comes too late says so, and nothing typed is lost", async () => {
  server.use(
    http.post(`${origin}/api/v1/messages/:id/settle-unknown`, () =>
      HttpResponse.json(
        { type: "", title: "Not unknown", status: 409, code: "message_not_unknown", request_id: "r1", errors: [] },
        { status: 409 },
      ),
    ),
  );
  const { user } = await setup();
  const first = within(await screen.findByRole("article", { name: "+44 770 090 0121" }));
  await user.click(first.getByRole("button", { name: "It arrived" }));
  await user.type(screen.getByRole("textbox", { name: /^Reason/ }), "It came");
  await user.click(screen.getByRole("button", { name: "Count as arrived" }));
  expect(await screen.findByText(/Something else has settled it meanwhile/)).toBeInTheDocument();
  expect(screen.getByRole("textbox", { name: /^Reason/ })).toHaveValue("It came");
});

test("an empty tray is good news, filters that leave nothing are not, and a failure is neither", async () => {
  const { user, router } = await setup("?looking=over");
  await screen.findByText("No unknown message matches these filters");
  expect(asked.at(-1)).toContain("given_up=true");
  tray = [];
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByText("Nothing is in doubt")).toBeInTheDocument();
  expect(router.state.location.search).toEqual({});

  server.use(http.get(`${origin}/api/v1/unknowns`, () => HttpResponse.json({}, { status: 500 })));
  await router.navigate({ to: ".", search: { channel: "c1" } as never });
  expect(await screen.findByRole("alert")).toHaveTextContent("The unknown messages could not be loaded");
});

test("who may only read sees the evidence and decides nothing", async () => {
  await setup("", ["messages:read"]);
  expect(await screen.findByRole("article", { name: "+44 770 090 0121" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "It arrived" })).not.toBeInTheDocument();
  expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
});
