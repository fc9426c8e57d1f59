// What people set: names, password, looks and language.

import { credentials } from "../support/owner.ts";
import { expect, test } from "../support/test.ts";

test("a new name of the workspace is there at once, everywhere", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/settings`);
  const workspace = page.getByRole("region", { name: "Workspace" });
  await workspace.getByLabel("Name", { exact: true }).fill("Acme Tea");
  await workspace.getByRole("button", { name: "Save name" }).click();
  await expect(
    page.getByLabel("Workspace", { exact: true }).getByRole("option", { name: "Sandbox · Acme Tea" }),
  ).toBeAttached();
});

test("a new password ends other sessions and opens the door from then on", async ({ owner, page, browser }) => {
  const elsewhere = await browser.newContext({ storageState: owner.storageState, baseURL: owner.gateway.address });
  await page.goto(`/w/${owner.workspace("sandbox")}/settings`);
  await page.getByLabel("Current password", { exact: true }).fill(credentials.password);
  await page.getByLabel("New password", { exact: true }).fill("a battery of correct horses");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed. All other sessions have ended.")).toBeVisible();
  await elsewhere.close();

  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.getByLabel("Email", { exact: true }).fill(credentials.email);
  await page.getByLabel("Password", { exact: true }).fill(credentials.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Email or password is wrong.")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill("a battery of correct horses");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});

test("language and theme are kept by the browser", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/overview`);
  const dark = () => page.evaluate(() => document.documentElement.dataset["theme"]);
  expect(await dark()).toBe("light");
  await page.getByRole("combobox", { name: "Theme" }).selectOption({ label: "Dark" });
  await expect.poll(dark).toBe("dark");
  await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "Español" });
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe("es");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeHidden();

  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeHidden();
  expect(await dark()).toBe("dark");
});
