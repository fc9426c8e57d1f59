import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";

/** The address under which tests find the API; pages of tests stand there too. */
export const origin = "http://gateway.test";

/** A server for the tests of one file: call it at the top, then `server.use(…)` in each test. Unknown requests fail. */
export function testServer() {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return server;
}
