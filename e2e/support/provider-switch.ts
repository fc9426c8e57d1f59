// Changing the provider and sending again, told once for both databases.

import { expect, type Page } from "@playwright/test";
import { expectRead } from "./first-minute.ts";
import type { Owner } from "./owner.ts";

export async function switchProvider(page: Page, owner: Owner): Promise<void> {
  const sandbox = `/w/${owner.workspace("sandbox")}`;
  await page.goto(`${sandbox}/overview`);
  await page.getByRole("button", { name: "Send test message" }).click();
  await expectRead(page);
  const before = await owner.ledger("twilio");

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Providers" }).click();
  const choice = page.getByRole("radiogroup", { name: "Provider" });
  await expect(choice.getByRole("radio", { name: "Twilio" })).toBeChecked();
  await choice.getByRole("radio", { name: "Direct" }).check();
  await page.getByRole("button", { name: "Use Direct" }).click();
  await expect
    .poll(async () => (await owner.call<{ whatsapp_provider: string }>("GET", "/workspace")).whatsapp_provider)
    .toBe("direct");

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Send test message" }).click();
  await expectRead(page);
  await expect.poll(() => owner.ledger("direct")).toMatchObject({ accepted: 1 });
  expect((await owner.ledger("twilio"))?.accepted, "nothing more left by the old one").toBe(before?.accepted);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Messages" }).click();
  const rows = page.getByRole("table", { name: "Messages" }).getByRole("row");
  await rows.nth(1).getByRole("button").click();
  const story = page.getByRole("dialog");
  await expect(story.getByRole("heading", { name: "Timeline" })).toBeVisible();
  await expect(story.getByText("Direct", { exact: true }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(story).toBeHidden();

  await rows.nth(2).getByRole("button").click();
  await expect(story.getByText("Twilio", { exact: true }).first()).toBeVisible();
}
