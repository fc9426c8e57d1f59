// The watch that all other tests rely on: each kind of trouble is noticed.

import { expect, newcomer } from "../support/test.ts";

newcomer("what goes wrong behind the scenes is noticed", async ({ page, troubles }) => {
  troubles.expect(/./);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(troubles.met).toEqual([]);

  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error("nobody catches this");
    });
    document.head.append(Object.assign(document.createElement("style"), { textContent: "body { color: red }" }));
    void fetch("http://192.0.2.1/").catch(() => {});
    Reflect.get(console, "error").call(console, "a word on the console");
    // Whoever leaves asks no policy. The address belongs to nobody.
    window.location.assign("http://192.0.2.1/");
  });
  for (const kind of [
    /^page error: .*nobody catches this/,
    /^content policy: style-src/,
    /^content policy: connect-src blocks http:\/\/192\.0\.2\.1\//,
    /^request to elsewhere: http:\/\/192\.0\.2\.1\//,
    /^console error: a word on the console/,
  ]) {
    await expect.poll(() => troubles.met.some((trouble) => kind.test(trouble)), { message: String(kind) }).toBe(true);
  }
});
