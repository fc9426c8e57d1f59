// What a code of a provider means: looked for, found by its address, and the table's source in reach.

import { expect, test } from "../support/test.ts";

test("a code is found by its beginning, by words, and again by its address", async ({ owner, page, browser }) => {
  const sandbox = owner.workspace("sandbox");
  await page.goto(`/w/${sandbox}/error-codes`);
  const codes = page.getByRole("article");
  await expect(codes.first()).toBeVisible();

  await page.getByLabel("Code or words").fill("131047");
  await expect(codes).toHaveCount(1);
  const code = page.getByRole("article", { name: "Code 131047" });
  await expect(code.getByText("Whoever wrote the message or the template")).toBeVisible();
  await expect(code.getByRole("link")).toHaveAttribute("href", /^https:/);
  await expect(page).toHaveURL(/query=/);

  const found = page.url();
  await page.reload();
  await expect(page.getByLabel("Code or words")).toHaveValue("131047");
  await expect(codes).toHaveCount(1);

  await page.getByLabel("Provider", { exact: true }).selectOption({ label: "Twilio" });
  await expect(page.getByText("No code matches")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(codes.nth(1)).toBeVisible();

  const context = await browser.newContext({ storageState: owner.storageState });
  const other = await context.newPage();
  await other.goto(found);
  await expect(other.getByRole("article", { name: "Code 131047" })).toBeVisible();
  await context.close();
});
