import { QueryClient } from "@tanstack/react-query";
import { HttpResponse, http } from "msw";
import { afterEach, expect, test } from "vitest";
import { forget, readStored, store } from "../lib/storage";
import { origin, testServer } from "../test/server";
import { keys } from "./keys";
import type { SessionView } from "./schema.gen";
import { sessionQuery } from "./session";
import { isExpired, settleExpired } from "./session-state";

const server = testServer();
afterEach(() => forget("signed-in"));

const ada: SessionView = {
  user: { id: "u1", name: "Ada", email: "ada@example.com", created_at: "2026-11-22T10:00:00Z" },
  workspaces: [],
  access_ends_at: "2026-11-22T10:15:00Z",
};

const refusal = {
  type: "about:blank",
  title: "Over",
  status: 401,
  code: "unauthenticated",
  request_id: "r1",
  errors: [],
};

function answers(session: () => SessionView | undefined) {
  const answer = () => {
    const found = session();
    return found ? HttpResponse.json(found) : HttpResponse.json(refusal, { status: 401 });
  };
  server.use(http.get(`${origin}/api/v1/session`, answer), http.post(`${origin}/api/v1/session/refresh`, answer));
}

test("who comes for the first time is nobody, without asking", async () => {
  expect(await new QueryClient().fetchQuery(sessionQuery)).toBeNull();
});

test("a browser whose session ended long ago is nobody's", async () => {
  store("signed-in", "yes");
  answers(() => undefined);
  expect(await new QueryClient().fetchQuery(sessionQuery)).toBeNull();
  expect(readStored("signed-in")).toBeNull();
});

test("a session that ends under an open page stays known until somebody has signed in again", async () => {
  let session: SessionView | undefined;
  answers(() => session);
  const client = new QueryClient();
  client.setQueryData(keys.session, ada);
  const asked = client.fetchQuery({ ...sessionQuery, staleTime: 0 });
  await expect.poll(() => isExpired()).toBe(true);
  expect(client.getQueryData(keys.session)).toEqual(ada);
  session = { ...ada, access_ends_at: "2026-11-22T11:00:00Z" };
  settleExpired();
  expect(await asked).toEqual(session);
});
