// From the setup code to a message that was read and answered.

import { firstMinute } from "../support/first-minute.ts";
import { Owner } from "../support/owner.ts";
import { expect, newcomer } from "../support/test.ts";

newcomer("a newcomer's first message is read and answered within a minute", async ({ gateway, page }, testInfo) => {
  const took = await firstMinute(page, gateway);
  testInfo.annotations.push({ type: "first minute", description: `${Math.round(took)} ms` });
  expect(took).toBeLessThan(60_000);

  await page.getByText("See what your server received").click();
  await expect(page.getByText("MessageStatus").first()).toBeVisible();
  await page.getByText("Do this from code").click();
  await expect(page.getByText(`${gateway.address}/api/v1/messages`).first()).toBeVisible();
  await page.getByText("Numbers that fail on purpose").click();
  await expect(page.getByText("+15005550001").first()).toBeVisible();

  const owner = await Owner.signIn(gateway);
  expect(await owner.ledger("twilio"), "it left once and was answered once").toMatchObject({ accepted: 1, inbound: 1 });
  expect(await owner.ledger("direct")).toMatchObject({ accepted: 0, inbound: 0 });
});

newcomer("a wrong setup code is refused at its field and the rest stays as it was typed", async ({ gateway, page }) => {
  await page.goto("/");
  const code = page.getByLabel("Setup code");
  await code.fill("not-the-setup-code");
  await page.getByLabel("Your name").fill("Owner");
  await page.getByLabel("Email", { exact: true }).fill("owner@example.com");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Create owner" }).click();

  await expect(code).toHaveAccessibleDescription(/This is not the code/);
  await expect(code).toBeFocused();
  await expect(page.getByLabel("Email", { exact: true })).toHaveValue("owner@example.com");

  await code.fill(gateway.setupCode);
  await page.getByRole("button", { name: "Create owner" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});
