// Every screen with nothing to show yet, and the doors before them.

import { appearances } from "../support/audit/appearances.ts";
import { Audit } from "../support/audit/audit.ts";
import { credentials, Owner } from "../support/owner.ts";
import { open, screens } from "../support/screens.ts";
import { expect, newcomer, test } from "../support/test.ts";

for (const { name, colorScheme, viewport } of appearances) {
  test.describe(name, () => {
    test.use({ colorScheme, viewport });

    test("empty screens", async ({ owner, page }) => {
      test.slow();
      const audit = new Audit(page);
      for (const environment of ["sandbox", "live"] as const) {
        for (const screen of screens.filter(({ only }) => only === undefined || only === environment)) {
          const where = `${environment} ${screen.path}`;
          if (await audit.reach(where, () => open(page, owner.workspace(environment), screen))) {
            await audit.look(where);
          }
        }
      }
      await page.goto(`/w/${owner.workspace("sandbox")}/nothing-of-that-name`);
      await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeVisible();
      await audit.look("a page that does not exist");
      await page.goto("/w/01a2045e-0000-7000-8000-000000000000/overview");
      await expect(page.getByRole("heading", { level: 1, name: "There is no such workspace" })).toBeVisible();
      await audit.look("a workspace that does not exist");
      audit.verify();
    });
  });

  newcomer.describe(name, () => {
    newcomer.use({ colorScheme, viewport });

    newcomer("setup and sign-in", async ({ gateway, page }) => {
      const audit = new Audit(page);
      await page.goto("/");
      await expect(page.getByRole("heading", { level: 1, name: "Set up Duplex" })).toBeVisible();
      await audit.look("setup");
      await audit.tab("setup");
      await page.getByRole("button", { name: "Create owner" }).click();
      await expect(page.getByLabel("Setup code")).toHaveAttribute("aria-invalid", "true");
      await audit.look("setup with errors");

      await Owner.of(gateway);
      await page.goto("/");
      await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
      await audit.look("sign-in");
      await audit.tab("sign-in");
      await page.getByLabel("Email", { exact: true }).fill(credentials.email);
      await page.getByLabel("Password", { exact: true }).fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByText("Email or password is wrong.")).toBeVisible();
      await audit.look("sign-in refused");
      audit.verify();
    });
  });
}
