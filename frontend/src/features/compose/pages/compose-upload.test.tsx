import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { SendMessage } from "../../../api/schema.gen";
import compose from "../../../i18n/locales/en/compose.json";
import domain from "../../../i18n/locales/en/domain.json";
import ui from "../../../i18n/locales/en/ui.json";
import { at, showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { composeSearch } from "../search";
import { ComposePage } from "./compose-page";

const server = testServer();

speakEnglish({ compose, domain, ui });

let sent: SendMessage[];
/** Answers the upload that waits. */
let answer: (refused?: boolean) => void;

beforeEach(() => {
  sent = [];
  server.use(
    http.get(`${origin}/api/v1/channels`, () =>
      HttpResponse.json({
        data: [{ id: "c1", provider: "direct", name: "Support", state: "active", is_default: true }],
      }),
    ),
    http.get(`${origin}/api/v1/providers/direct`, () => HttpResponse.json({}, { status: 503 })),
    http.get(`${origin}/api/v1/messages/m1`, () => HttpResponse.json({}, { status: 404 })),
    http.post(`${origin}/api/v1/media`, async () => {
      const refused = await new Promise<boolean | undefined>((resolve) => {
        answer = resolve;
      });
      return refused
        ? HttpResponse.json({ code: "payload_too_large", title: "The file is too large", errors: [] }, { status: 413 })
        : HttpResponse.json({ id: "f1", kind: "image", mime_type: "image/png", state: "ready" }, { status: 201 });
    }),
    http.post<never, SendMessage>(`${origin}/api/v1/messages`, async ({ request }) => {
      const body = await request.json();
      sent.push(body);
      const { to: person, content } = body;
      const message = { id: "m1", direction: "outbound", channel_id: "c1", person, content, state: "queued" };
      return HttpResponse.json({ ...message, attempts: 0, run_at: at, created_at: at }, { status: 202 });
    }),
  );
});

async function setup(kind: string) {
  const { user } = showPage({
    name: "compose",
    component: ComposePage,
    validateSearch: composeSearch,
    search: "?to=%2B447700900123",
    provider: "direct",
    scopes: ["messages:write"],
  });
  await user.selectOptions(await screen.findByLabelText("Kind of message"), kind);
  const choose = async (n = 0) => {
    answer = () => undefined;
    const waiting = answer;
    const input = screen.getAllByLabelText("Choose a file", { selector: "input" })[n] as HTMLElement;
    await user.upload(input, new File(["png"], "front.png", { type: "image/png" }));
    await expect.poll(() => answer).not.toBe(waiting);
  };
  return { user, choose, button: screen.getByRole("button", { name: "Send message" }) };
}

test("a file is uploaded when it is chosen, and its message names it", async () => {
  const { user, choose, button } = await setup("image");
  await choose();
  answer(true);
  expect(await screen.findByText("The file is too large")).toBeInTheDocument();
  await choose();
  answer();
  expect(await screen.findByText("front.png")).toBeInTheDocument();
  await user.type(screen.getByRole("textbox", { name: /^Caption/ }), "Front view");
  await user.click(button);
  await screen.findByRole("link", { name: "See its story" });
  expect(sent.at(-1)?.content).toEqual({ type: "image", media_id: "f1", caption: "Front view" });
});

test("what is typed during an upload stays, and the message waits for its file", async () => {
  const { user, choose, button } = await setup("image");
  await choose();
  await user.type(screen.getByRole("textbox", { name: /^Caption/ }), "Front view");
  expect(button).toHaveAttribute("aria-busy", "true");
  expect(screen.getByText("Waits for the file")).toBeVisible();
  await user.type(screen.getByLabelText("To"), "{Control>}{Enter}{/Control}");
  answer();
  await screen.findByText("front.png");
  expect(sent).toEqual([]);
  await user.click(button);
  await screen.findByRole("link", { name: "See its story" });
  expect(sent.at(-1)?.content).toEqual({ type: "image", media_id: "f1", caption: "Front view" });
});

test("a file arrives although another kind is looked at meanwhile", async () => {
  const { user, choose } = await setup("image");
  await choose();
  await user.selectOptions(screen.getByLabelText("Kind of message"), "text");
  await user.type(screen.getByRole("textbox", { name: "Message" }), "Hi");
  answer();
  await expect.poll(() => screen.queryByRole("textbox", { name: /^Caption/, hidden: true })).toBeNull();
  await user.selectOptions(screen.getByLabelText("Kind of message"), "image");
  expect(screen.getByText("front.png")).toBeVisible();
  await user.selectOptions(screen.getByLabelText("Kind of message"), "text");
  expect(screen.getByRole("textbox", { name: "Message" })).toHaveValue("Hi");
});

test("a file stays with its card when the one before it is taken away", async () => {
  const { user, choose, button } = await setup("carousel");
  await choose(1);
  await user.click(screen.getByRole("button", { name: "Remove: Card 1" }));
  expect(screen.getByRole("heading", { level: 1 })).toHaveFocus();
  answer();
  await screen.findByText("front.png");
  await user.click(button);
  await expect
    .poll(() => sent.at(-1)?.content)
    .toMatchObject({
      cards: [{ header: { type: "image", media_id: "f1" } }],
    });
});

test("a refusal that has no field is told although an upload failed before", async () => {
  server.use(
    http.post(`${origin}/api/v1/messages`, () =>
      HttpResponse.json({ code: "busy", title: "Busy", errors: [] }, { status: 503 }),
    ),
  );
  const { choose, user, button } = await setup("image");
  await choose();
  answer();
  await screen.findByText("front.png");
  await choose();
  answer(true);
  expect(await screen.findByText("The file is too large")).toBeVisible();
  await user.click(button);
  expect(await screen.findByText(compose.problem.busy)).toBeVisible();
  expect(button).toHaveFocus();
});
