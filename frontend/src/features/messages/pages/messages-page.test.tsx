import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { keys } from "../../../api/keys";
import type { ListMessageView, MediaView, MessageStory, MessageView } from "../../../api/schema.gen";
import compose from "../../../i18n/locales/en/compose.json";
import domain from "../../../i18n/locales/en/domain.json";
import messages from "../../../i18n/locales/en/messages.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { messagesSearch } from "../search";
import { MessagesPage } from "./messages-page";

const server = testServer();

speakEnglish({ compose, messages, domain, ui });

function message(n: number): MessageView {
  return {
    id: `m${String(n).padStart(4, "0")}`,
    direction: "outbound",
    channel_id: "c1",
    person: "+447700900123",
    content: { type: "text", body: `Message ${n}` },
    state: "queued",
    hold_reason: "channel_down",
    attempts: 1,
    run_at: at,
    created_at: at,
  };
}

/** Questions for the list, by their search. */
let asked: string[];
let newest: number;

beforeEach(() => {
  asked = [];
  newest = 3;
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({ data: [{ id: "c1", name: "Support", provider: "twilio" }] }),
    ),
    http.get(`${origin}/api/v1/messages`, ({ request }) => {
      const { search, searchParams } = new URL(request.url);
      asked.push(search);
      const from = Number(searchParams.get("cursor") ?? newest + 1) - 1;
      const data = searchParams.has("state")
        ? []
        : Array.from({ length: Math.min(100, from) }, (_, n) => message(from - n));
      const last = from - data.length + 1;
      const page: ListMessageView = data.length > 0 && last > 1 ? { data, next_cursor: String(last) } : { data };
      return HttpResponse.json(page);
    }),
  );
});

async function setup(search = "") {
  return showPage({
    name: "messages",
    component: MessagesPage,
    validateSearch: messagesSearch,
    search,
    scopes: ["messages:read", "messages:write"],
  });
}

test("however long the list is, news cost one request", async () => {
  newest = 150;
  const { user, client } = await setup();
  const table = await screen.findByRole("table", { name: "Messages" });
  await user.click(screen.getByRole("button", { name: "Load more" }));
  await waitFor(() => expect(table).toHaveAttribute("aria-rowcount", "151"));
  asked = [];
  newest = 152;
  await client.invalidateQueries({ queryKey: keys.of("w1", "messages") });
  await waitFor(() => expect(table).toHaveAttribute("aria-rowcount", "153"));
  expect(within(table).getByText("Message 152")).toBeInTheDocument();
  expect(asked).toEqual(["?limit=100"]);
});

test("nothing that matches is not nothing at all, and a failure is neither", async () => {
  const { user, router } = await setup("?state=failed");
  await screen.findByText("No message matches these filters");
  expect(screen.getByLabelText("State")).toHaveValue("failed");
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  await screen.findByRole("table", { name: "Messages" });
  expect(router.state.location.search).toEqual({});

  server.use(http.get(`${origin}/api/v1/messages`, () => HttpResponse.json({}, { status: 500 })));
  await user.selectOptions(screen.getByLabelText("Direction"), "inbound");
  await screen.findByRole("alert");
  expect(screen.queryByText("No messages yet")).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Retry" })).toBeInTheDocument();
});

test("a number is found however it is typed, and stands in the address", async () => {
  const { user, router } = await setup();
  await user.click(await screen.findByLabelText("Person"));
  await user.paste("44 7700 900123");
  await waitFor(() => expect(router.state.location.search).toEqual({ person: "+447700900123" }));
  expect(screen.getByLabelText("Person")).toHaveValue("44 7700 900123");
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(screen.getByLabelText("Person")).toHaveValue("");
});

test("a message's story says what happened, why it waits, and offers to write a copy of it", async () => {
  const failure = { code: "credentials_invalid", provider_code: "20003", detail: "The token is refused." } as const;
  const story: MessageStory = {
    ...message(7),
    provider: "twilio",
    failure,
    tries: [
      { id: "a1", n: 1, channel_id: "c1", state: "refused", failure, created_at: at, left_at: at, evidence: "answer" },
    ],
    timeline: [
      { seq: 1, id: "e1", type: "message.queued", at, data: {} },
      { seq: 2, id: "e2", type: "message.held", at: "2026-11-22T10:00:01.400000Z", data: {} },
    ],
    webhooks: [{ id: "j1", received_at: at, body: "MessageStatus=failed&To=whatsapp%3A%2B447700900123" }],
  };
  server.use(http.get(`${origin}/api/v1/messages/m0007`, () => HttpResponse.json(story)));
  const { user, router } = await setup("?message=m0007");
  const drawer = within(await screen.findByRole("dialog", { name: /^Message to/ }));
  expect(drawer.getByText("Its channel can't send at the moment")).toBeInTheDocument();
  expect(drawer.getByRole("heading", { name: "Timeline" })).toBeInTheDocument();
  expect(drawer.getByText("+1.4 sec")).toBeInTheDocument();
  const attempts = within(drawer.getByRole("region", { name: "Attempts" }));
  expect(attempts.getByText("Refused")).toBeInTheDocument();
  expect(attempts.getByText(/Provider's code 20003/)).toBeInTheDocument();
  const webhooks = within(drawer.getByRole("region", { name: "Webhooks" }));
  expect(webhooks.getByText(/whatsapp:\+447700900123/)).toBeInTheDocument();
  expect(drawer.getByRole("link", { name: "Write a copy" })).toHaveAttribute(
    "href",
    "/w/w1/compose?to=%2B447700900123&channel=c1&from=m0007",
  );
  await user.click(drawer.getByRole("button", { name: "Close" }));
  expect(router.state.location.search).toEqual({});
});

test("what stands around a message is told, and an incoming one can be answered, reacted to and marked as read", async () => {
  const reacted = (from: string, emoji: string | undefined, seq: number) => ({
    seq,
    id: `e${seq}`,
    type: "message.reacted" as const,
    at,
    // What the feed says of each type is open in its description.
    data: { from, emoji } as object as Record<string, never>,
  });
  const story: MessageStory = {
    ...message(8),
    direction: "inbound",
    state: "received",
    hold_reason: null,
    content: { type: "image", media_id: "f1", mime_type: "image/jpeg", caption: "Like this" },
    reply_to_id: "m0007",
    context: {
      frequently_forwarded: true,
      edited_at: at,
      referral: { source_type: "ad", headline: "Spring sale", source_url: "https://fb.me/EXAMPLE" },
    },
    provider: "direct",
    tries: [],
    timeline: [
      reacted("+447700900123", "👍", 1),
      reacted("+447700900124", "🎉", 2),
      reacted("+447700900124", undefined, 3),
    ],
    webhooks: [],
  };
  const marks: unknown[] = [];
  let file: Partial<MediaView> = { state: "pending" };
  const carried = { verdict: "yes", note: "", source: "", checked_on: "2026-11-22" };
  const can = {
    parts: [{ part: "reply_to", ...carried }],
    outbound: [{ kind: "reaction", stored_content: false, ...carried }],
    marks: { read_without_typing: { supported: true }, typing: { supported: true } },
  };
  server.use(
    http.get(`${origin}/api/v1/messages/m0008`, () => HttpResponse.json(story)),
    http.get(`${origin}/api/v1/messages/m0007`, () => HttpResponse.json(message(7))),
    http.get(`${origin}/api/v1/media/f1`, () => HttpResponse.json({ id: "f1", mime_type: "image/jpeg", ...file })),
    http.get(`${origin}/api/v1/providers/direct`, () => HttpResponse.json({ capabilities: can })),
    http.post(`${origin}/api/v1/messages/m0008/read`, async ({ request }) => {
      marks.push(await request.json());
      return HttpResponse.json({ read: true, typing: true });
    }),
  );
  const { user, client } = await setup("?message=m0008");
  const drawer = within(await screen.findByRole("dialog", { name: /^Message from/ }));
  expect(await drawer.findByText("Its file is being fetched")).toBeInTheDocument();
  expect(drawer.queryByRole("img")).toBeNull();
  expect(drawer.getByText("Forwarded many times")).toBeInTheDocument();
  expect(drawer.getByText(/Edited by the person/)).toBeInTheDocument();
  expect(drawer.getByText("Spring sale")).toBeInTheDocument();
  const reactions = within(drawer.getByRole("list", { name: "Reactions" }));
  expect(reactions.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(["👍 +447700900123"]);
  expect(await drawer.findByRole("link", { name: "Message 7" })).toHaveAttribute(
    "href",
    "/w/w1/messages?message=m0007",
  );

  file = { state: "ready", size_bytes: 204_812 };
  await client.invalidateQueries({ queryKey: keys.of("w1", "messages") });
  expect(await drawer.findByRole("img", { name: "Image" })).toHaveAttribute(
    "src",
    expect.stringContaining("/media/f1/content"),
  );
  expect(drawer.getByText("image/jpeg · 204.8 kB")).toBeInTheDocument();

  const about = "/w/w1/compose?to=%2B447700900123&channel=c1";
  expect(await drawer.findByRole("link", { name: "React" })).toHaveAttribute("href", `${about}&react=m0008`);
  expect(drawer.getByRole("link", { name: "Answer" })).toHaveAttribute("href", `${about}&reply=m0008`);
  expect(drawer.getByRole("button", { name: "Mark as read" })).toBeInTheDocument();
  await user.click(drawer.getByRole("button", { name: "Show “typing…”" }));
  expect(await drawer.findByText(/an answer is being written/)).toBeInTheDocument();
  expect(marks).toEqual([{ typing: true }]);
});

test.each([
  ["list", "Sent as “Text” instead of “List”"],
  ["text", "“Text” was sent with less than was asked for"],
])("what was sent as less says what was asked for and what was lost: %s", async (asked, title) => {
  const why = "only templates have a header there: it becomes the first line of the body";
  const story: MessageStory = {
    ...message(9),
    context: { degraded_from: asked },
    provider: "twilio",
    tries: [],
    timeline: [
      {
        seq: 1,
        id: "e1",
        type: "message.queued",
        at,
        data: { degraded: { from: asked, to: "text", why } } as object as Record<string, never>,
      },
    ],
    webhooks: [],
  };
  server.use(http.get(`${origin}/api/v1/messages/m0009`, () => HttpResponse.json(story)));
  await setup("?message=m0009");
  expect(await screen.findByText(title)).toBeInTheDocument();
  expect(screen.getByText(why)).toBeInTheDocument();
});

test("what waits can be taken back all at once, as far as the filters say it", async () => {
  const taken: unknown[] = [];
  server.use(
    http.get(`${origin}/api/v1/messages`, () => HttpResponse.json({ data: [message(2), message(1)] })),
    http.post(`${origin}/api/v1/messages/cancel`, async ({ request }) => {
      taken.push(await request.json());
      return HttpResponse.json({ cancelled: 2 });
    }),
  );
  const { user } = await setup("?state=queued&channel=c1");
  await user.click(await screen.findByRole("button", { name: "Cancel all that wait" }));
  const question = within(screen.getByRole("alertdialog"));
  expect(question.getByText("Only by the channel “Support”.")).toBeInTheDocument();
  await user.click(question.getByRole("button", { name: "Cancel the messages" }));
  expect(await screen.findByText("2 messages were cancelled.")).toBeInTheDocument();
  expect(taken).toEqual([{ channel_id: "c1", created_before: expect.stringMatching(/Z$/) }]);

  await user.selectOptions(screen.getByLabelText("Reason"), "window_closed");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Cancel all that wait" })).not.toBeInTheDocument());
});

test("a story tells its terms, who moved the message where, and offers what can still be done", async () => {
  const done: string[] = [];
  const told = (data: object) => data as Record<string, never>;
  let story: MessageStory = {
    ...message(7),
    class: "marketing",
    hold_reason: "failover",
    failure: { code: "backup_not_ready", detail: "The other channel is held. It waits for its own channel." },
    terms: { moved_from: "c2", ignore_quiet_hours: true, fallback: { mode: "automatic", template: "sale_starts" } },
    provider: "twilio",
    tries: [],
    timeline: [
      {
        seq: 1,
        id: "e1",
        type: "message.moved",
        at,
        data: told({ by: "failure", from_channel_id: "c2", to_channel_id: "c1", template: "sale_starts" }),
      },
      { seq: 2, id: "e2", type: "message.requeued", at, data: told({ by: "Ada Lovelace", why: "retry" }) },
      { seq: 3, id: "e3", type: "message.held", at, data: told({ hold_reason: "quiet_hours" }) },
    ],
    webhooks: [],
  };
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({
        data: [
          { id: "c1", name: "Support", provider: "twilio" },
          { id: "c2", name: "Backup", provider: "direct" },
        ],
      }),
    ),
    http.get(`${origin}/api/v1/messages/m0007`, () => HttpResponse.json(story)),
    http.post(`${origin}/api/v1/messages/m0007/fail-over`, () =>
      HttpResponse.json(
        {
          type: "",
          title: "Not ready",
          status: 409,
          code: "failover_not_ready",
          detail: "The other channel is held.",
          request_id: "r1",
          errors: [{ field: "message_id", code: "backup_down", message: "The other channel is held." }],
        },
        { status: 409 },
      ),
    ),
    http.post(`${origin}/api/v1/messages/m0007/cancel`, () => {
      done.push("cancel");
      story = { ...story, state: "cancelled", hold_reason: null };
      return HttpResponse.json(story);
    }),
  );
  const { user } = await setup("?message=m0007");
  const drawer = within(await screen.findByRole("dialog", { name: /^Message to/ }));
  expect(drawer.getAllByText("The message could not go by the other provider").length).toBeGreaterThan(0);
  expect(drawer.getByText("Marketing")).toBeInTheDocument();
  expect(drawer.getByText("sale_starts")).toBeInTheDocument();
  expect(await drawer.findByRole("link", { name: "Backup" })).toHaveAttribute("href", "/w/w1/channels/c2");
  const timeline = within(drawer.getByRole("region", { name: "Timeline" }));
  const [moved] = timeline.getAllByRole("listitem");
  expect(moved).toHaveTextContent(/Backup.*to.*Support.*sale_starts/);
  expect(timeline.getByText("By Ada Lovelace")).toBeInTheDocument();
  expect(timeline.getByText("It is a quiet hour where the person is")).toBeInTheDocument();

  await user.click(drawer.getByRole("button", { name: "Send by Direct" }));
  expect(await drawer.findByRole("alert")).toHaveTextContent(/^The other channel is held\.$/);
  await user.click(drawer.getByRole("button", { name: "Cancel the message" }));
  expect(await drawer.findByText("It will not be sent.")).toBeInTheDocument();
  expect(done).toEqual(["cancel"]);
  await waitFor(() => expect(drawer.queryByRole("button", { name: "Cancel the message" })).not.toBeInTheDocument());
});

test("of a message that may have been sent, the story asks for a decision and offers no second copy", async () => {
  const story: MessageStory = {
    ...message(7),
    state: "unknown",
    hold_reason: null,
    provider: "twilio",
    tries: [],
    timeline: [],
    webhooks: [],
  };
  server.use(http.get(`${origin}/api/v1/messages/m0007`, () => HttpResponse.json(story)));
  const { user } = await setup("?message=m0007");
  const drawer = within(await screen.findByRole("dialog", { name: /^Message to/ }));
  expect(drawer.queryByRole("link", { name: "Write a copy" })).not.toBeInTheDocument();
  await user.click(drawer.getByRole("button", { name: "Decide what became of it" }));
  expect(screen.getByRole("radio", { name: "Send it again" })).toBeInTheDocument();
});
