// A program's key from its making to its end.

import { Program } from "../support/sending.ts";
import { expect, test } from "../support/test.ts";

test("an API key is shown once, works, and is refused after it is revoked", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/api-keys`);
  await page.getByRole("button", { name: "Create key" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Create an API key" });
  await dialog.getByLabel("Name", { exact: true }).fill("shop backend");
  await expect(dialog.getByRole("checkbox", { name: "Send messages" })).toBeChecked();
  await dialog.getByRole("button", { name: "Create key" }).click();

  const shown = page.getByRole("dialog", { name: "Store this key now" });
  const secret = await shown.getByLabel("API key", { exact: true }).inputValue();
  expect(secret).toMatch(/^dpx_[\w-]{20,}$/);
  await page.keyboard.press("Escape");
  await expect(shown.getByText("Have you stored it?"), "what is shown once is not closed by accident").toBeVisible();
  await shown.getByRole("button", { name: "I have stored it" }).click();
  await expect(shown).toBeHidden();

  const row = page.getByRole("row").filter({ hasText: "shop backend" });
  await expect(row).toBeVisible();
  expect(await page.content(), "the key is not shown again").not.toContain(secret);
  await page.reload();
  await expect(row).toBeVisible();
  expect(await page.content(), "nor after a reload").not.toContain(secret);

  const program = new Program(owner.gateway.address, secret);
  expect((await program.post()).status).toBe(202);

  await row.getByRole("button", { name: "Revoke shop backend" }).click();
  const question = page.getByRole("alertdialog");
  const revoke = question.getByRole("button", { name: "Revoke key" });
  await expect(revoke, "what can't be undone asks for the name").toBeDisabled();
  await question.getByRole("textbox").fill("shop backend");
  await revoke.click();
  await expect(question).toBeHidden();
  await expect(row.getByText("Revoked", { exact: true }).filter({ visible: true })).toHaveCount(1);
  expect((await program.post()).status).toBe(401);
});
