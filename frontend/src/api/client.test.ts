import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { origin, testServer } from "../test/server";
import { api, inWorkspace, unwrap } from "./client";
import { asProblem } from "./problem";
import { isExpired, settleExpired } from "./session-state";

const server = testServer();
const workspaceUrl = `${origin}/api/v1/workspace`;
const refreshUrl = `${origin}/api/v1/session/refresh`;

const expired = () =>
  HttpResponse.json(
    {
      type: "about:blank",
      title: "Session expired",
      status: 401,
      code: "session_expired",
      request_id: "r1",
      errors: [],
    },
    { status: 401 },
  );

const rename = () => unwrap(api.PATCH("/api/v1/workspace", { body: { name: "New" }, headers: inWorkspace("w1") }));

test("an ended access token is refreshed once for all calls, and each goes out again with its body", async () => {
  let fresh = false;
  let refreshes = 0;
  const bodies: unknown[] = [];
  server.use(
    http.patch(workspaceUrl, async ({ request }) => {
      if (!fresh) {
        return expired();
      }
      bodies.push(await request.json());
      return HttpResponse.json({ name: "New" });
    }),
    http.post(refreshUrl, () => {
      refreshes += 1;
      fresh = true;
      return HttpResponse.json({});
    }),
  );
  await Promise.all([rename(), rename()]);
  expect(refreshes).toBe(1);
  expect(bodies).toEqual([{ name: "New" }, { name: "New" }]);
});

test("when the session is over, a call waits for the sign-in and then goes on", async () => {
  let signedIn = false;
  server.use(
    http.patch(workspaceUrl, () => (signedIn ? HttpResponse.json({ name: "New" }) : expired())),
    http.post(refreshUrl, () => {
      // Nobody else will say so: the dialog is shown from here on.
      queueMicrotask(() => {
        signedIn = true;
      });
      return expired();
    }),
  );
  let done = false;
  const call = rename().then(() => {
    done = true;
  });
  await expect.poll(() => signedIn).toBe(true);
  // The call hears of its refused refresh a little after the server gave it.
  await expect
    .poll(() => {
      settleExpired();
      return done;
    })
    .toBe(true);
  await call;
});

test("while the session is over, calls ask nobody until somebody has signed in, and those that are given up wait no more", async () => {
  let signedIn = false;
  let asked = 0;
  server.use(
    http.patch(workspaceUrl, () => {
      asked += 1;
      return signedIn ? HttpResponse.json({ name: "New" }) : expired();
    }),
    http.post(refreshUrl, () => expired()),
  );
  const first = rename();
  await expect.poll(() => isExpired()).toBe(true);
  const second = rename();
  const given = new AbortController();
  const third = api.GET("/api/v1/workspace", { headers: inWorkspace("w1"), signal: given.signal });
  given.abort();
  await expect(third).rejects.toThrow();
  expect(asked).toBe(1);
  signedIn = true;
  settleExpired();
  await Promise.all([first, second]);
  expect(asked).toBe(3);
});

test("a refresh that fails for another reason does not end the session", async () => {
  server.use(
    http.patch(workspaceUrl, () => expired()),
    http.post(refreshUrl, () => new HttpResponse("<h1>Bad gateway</h1>", { status: 502 })),
  );
  const both = await Promise.allSettled([rename(), rename()]);
  expect(both.map((one) => one.status === "rejected" && asProblem(one.reason).status)).toEqual([502, 502]);
  expect(isExpired()).toBe(false);
});

test("a wrong password is an answer, not an ended session", async () => {
  server.use(
    http.post(`${origin}/api/v1/session`, () =>
      HttpResponse.json(
        { type: "about:blank", title: "Wrong", status: 401, code: "wrong_credentials", request_id: "r2", errors: [] },
        { status: 401 },
      ),
    ),
  );
  const call = unwrap(api.POST("/api/v1/session", { body: { email: "a@example.com", password: "x" } }));
  await expect(call).rejects.toMatchObject({ code: "wrong_credentials", status: 401, requestId: "r2" });
});

test("an answer that is no problem of the API is told as one, and so is none at all", async () => {
  server.use(http.patch(workspaceUrl, () => new HttpResponse("<h1>Bad gateway</h1>", { status: 502 })));
  await expect(rename()).rejects.toMatchObject({ code: "unexpected", status: 502 });
  server.use(http.patch(workspaceUrl, () => HttpResponse.error()));
  expect(asProblem(await rename().catch((error: unknown) => error)).code).toBe("unreachable");
});
