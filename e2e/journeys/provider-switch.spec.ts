// One choice, and the same call leaves by the other provider.

import { switchProvider } from "../support/provider-switch.ts";
import { expect, test } from "../support/test.ts";

test("after the switch messages leave by the other provider, and their story says so", async ({ owner, page }) => {
  await switchProvider(page, owner);
});

test("the comparison shows only what differs when asked to, and a reload keeps it so", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/providers`);
  const rows = page.getByRole("table", { name: "Comparison" }).getByRole("row");
  await expect(rows.filter({ hasText: "In this workspace" }), "what is known of the channels is there").toBeVisible();
  const all = await rows.count();

  await page.getByLabel("Only differences").click();
  await expect.poll(() => rows.count()).toBeLessThan(all);
  const different = await rows.count();
  await page.reload();
  await expect(page.getByLabel("Only differences")).toBeChecked();
  await expect(rows).toHaveCount(different);
});
