// A session ends, at the wrong moment or by intent.

import { signIn } from "../support/entrance.ts";
import { credentials, Owner } from "../support/owner.ts";
import { expect, newcomer, test } from "../support/test.ts";

test("a session that ends in a half-written message loses nothing of it", async ({ owner, page, context }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/compose`);
  await page.getByRole("textbox", { name: "To", exact: true }).fill("+447700900123");
  await page.getByRole("textbox", { name: "Message" }).fill("Your parcel waits at the shop");
  await context.clearCookies();
  await page.getByRole("button", { name: "Send message" }).click();

  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Password", { exact: true }).fill("not the password");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog.getByText("Email or password is wrong.")).toBeVisible();

  await dialog.getByLabel("Password", { exact: true }).fill(credentials.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toBeHidden();

  await expect
    .poll(async () => (await owner.messages()).map(({ content }) => content))
    .toEqual([{ type: "text", body: "Your parcel waits at the shop", preview_url: false }]);
});

newcomer("a wrong password is refused, the right one opens the page that was asked for", async ({ gateway, page }) => {
  const owner = await Owner.of(gateway);
  await page.goto(`/w/${owner.workspace("sandbox")}/messages?state=read`);
  await page.getByLabel("Email", { exact: true }).fill(credentials.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Email or password is wrong.")).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();

  await signIn(page);
  await expect(page.getByRole("heading", { level: 1, name: "Messages" })).toBeVisible();
  await expect(page).toHaveURL(/\/messages\?state=read$/);
});

test("who signs out leaves nothing behind", async ({ owner, page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();

  await page.goto(`/w/${owner.workspace("sandbox")}/messages`);
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});
