// Every screen whose data can't be had: it says so in the place of the data, and never looks empty.

import type { Page } from "@playwright/test";
import { appearances } from "../support/audit/appearances.ts";
import { Audit } from "../support/audit/audit.ts";
import { open, screens } from "../support/screens.ts";
import { expect, test } from "../support/test.ts";

/** Everything but who is signed in and the stream. */
const data = /\/api\/v1\/(?!session|setup|events\/stream)/;

const problem = {
  type: "about:blank",
  title: "Something went wrong here",
  status: 500,
  code: "internal",
  detail: "The cause is in the log of the server, under the request's id.",
  request_id: "01a2045e-c4a2-7025-9319-5cff0cd33565",
};

/** What the browser writes about each answer of that kind. */
const refused = /^console error: Failed to load resource: the server responded with a status of 500/;

async function fail(page: Page, addresses: RegExp): Promise<void> {
  await page.route(addresses, (route) =>
    route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(problem) }),
  );
}

for (const { name, colorScheme, viewport } of appearances) {
  test.describe(name, () => {
    test.use({ colorScheme, viewport });

    test("screens without their data", async ({ owner, page, troubles }) => {
      test.slow();
      troubles.expect(refused);
      await fail(page, data);
      const audit = new Audit(page);
      for (const screen of screens.filter(({ loads }) => loads)) {
        const reached = await audit.reach(screen.path, async () => {
          await open(page, owner.workspace("sandbox"), screen);
          await expect(page.getByRole("alert").first(), `${screen.path} says that it failed`).toBeVisible();
        });
        if (reached) {
          await audit.look(screen.path);
        }
      }
      audit.verify();
    });
  });
}

test("a screen that failed says why, and recovers when asked to try again", async ({ owner, page, troubles }) => {
  troubles.expect(refused);
  const program = await owner.program();
  await program.send({ body: "There all the time" });
  const failing = /\/api\/v1\/messages/;
  await fail(page, failing);
  await open(page, owner.workspace("sandbox"), { path: "messages", title: "Messages" });
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The messages could not be loaded");
  await expect(alert).toContainText(problem.detail);
  await expect(alert).toContainText(problem.request_id);
  await page.unroute(failing);
  await alert.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("table", { name: "Messages" }).getByText("There all the time")).toBeVisible();
});
