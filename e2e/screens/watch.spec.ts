// The watch that all other tests rely on: each kind of trouble is noticed.

import { expect, newcomer } from "../support/test.ts";

newcomer("what goes wrong behind the scenes is noticed", async ({ page, troubles }) => {
  troubles.expect(/./);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(troubles.met).toEqual([]);

  const noticed = (kind: RegExp) =>
    expect.poll(() => troubles.met.some((trouble) => kind.test(trouble)), { message: String(kind) }).toBe(true);
  await page.evaluate(() => {
    queueMicrotask(() => {
      throw new Error("nobody catches this");
    });
    document.head.append(Object.assign(document.createElement("style"), { textContent: "body { color: red }" }));
    // The address belongs to nobody.
    void fetch("http://192.0.2.1/").catch(() => {});
    Reflect.get(console, "error").call(console, "a word on the console");
  });
  await noticed(/^page error: .*nobody catches this/);
  await noticed(/^content policy: style-src/);
  await noticed(/^content policy: connect-src blocks http:\/\/192\.0\.2\.1\//);
  await noticed(/^console error: a word on the console/);

  // Whoever leaves asks no policy.
  await page.evaluate(() => window.location.assign("http://192.0.2.1/"));
  await noticed(/^request to elsewhere: http:\/\/192\.0\.2\.1\//);
});
