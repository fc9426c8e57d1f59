// What opens over a screen.

import type { BrowserContext, Page } from "@playwright/test";
import { appearances } from "../support/audit/appearances.ts";
import { Audit } from "../support/audit/audit.ts";
import { type Furnished, furnish } from "../support/furnish.ts";
import { open, settled } from "../support/screens.ts";
import { expect, test } from "../support/test.ts";

for (const { name, colorScheme, viewport } of appearances) {
  test.describe(name, () => {
    test.use({ colorScheme, viewport });

    test("dialogs and drawers", async ({ owner, page, context }) => {
      test.slow();
      const furnished = await furnish(owner);
      const audit = new Audit(page);
      const walk = { audit, page, context, workspace: owner.workspace("sandbox"), ...furnished };
      await audit.reach("drawers", () => drawers(walk));
      await audit.reach("keys", () => keys(walk));
      await audit.reach("delivering", () => delivering(walk));
      await audit.reach("overlays", () => overlays(walk));
      if (viewport.width === 320) {
        await audit.reach("menu", () => menu(walk));
      }
      await audit.reach("unsaved", () => unsaved(walk));
      await audit.reach("signing in again", () => signingIn(walk));
      audit.verify();
    });
  });
}

interface Walk extends Furnished {
  audit: Audit;
  page: Page;
  context: BrowserContext;
  workspace: string;
}

/** Waits for what has opened, and looks at it. */
async function look({ audit, page }: Walk, where: string, role: "dialog" | "alertdialog" = "dialog"): Promise<void> {
  await expect(page.getByRole(role)).toBeVisible();
  await settled(page);
  await audit.look(where);
}

async function drawers(walk: Walk): Promise<void> {
  const { page, workspace, message, failed, webhook } = walk;
  await open(page, workspace, { path: `messages?message=${message}`, title: "Messages" });
  await look(walk, "the story of a message");
  await open(page, workspace, { path: `messages?message=${failed}`, title: "Messages" });
  await look(walk, "the story of a message that failed");
  await open(page, workspace, { path: `event-log?tab=webhooks&entry=${webhook}`, title: "Event log" });
  await look(walk, "a webhook");
  await open(page, workspace, { path: "event-log", title: "Event log" });
  await page.getByRole("table", { name: "Events" }).getByRole("button").first().click();
  await look(walk, "an event");
}

async function keys(walk: Walk): Promise<void> {
  const { page, workspace } = walk;
  await open(page, workspace, { path: "api-keys", title: "API keys" });
  await page.getByRole("button", { name: "Create key" }).first().click();
  await look(walk, "creating a key");
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("second shop");
  await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  await expect(page.getByRole("dialog", { name: "Store this key now" })).toBeVisible();
  await look(walk, "a new key");
  await page.getByRole("button", { name: "I have stored it" }).click();
  await page.getByRole("button", { name: "Revoke second shop" }).click();
  await look(walk, "revoking a key", "alertdialog");
  await page.getByRole("button", { name: "Cancel" }).click();
}

async function delivering(walk: Walk): Promise<void> {
  const { page, workspace, endpoint, delivery, contact } = walk;
  await open(page, workspace, { path: `suppressions?contact=${contact}`, title: "Suppressions" });
  await look(walk, "a contact");
  await page.getByRole("button", { name: "Lift: All messages" }).press("Enter");
  await look(walk, "lifting a suppression", "alertdialog");
  await open(page, workspace, { path: "suppressions", title: "Suppressions" });
  // By the keyboard: the banner that comes in meanwhile moves the page under the pointer.
  await page.getByRole("button", { name: "Suppress somebody" }).press("Enter");
  await look(walk, "suppressing somebody");
  await page.getByRole("dialog").getByLabel("Number or user id").fill("+447700900997");
  await page.getByRole("button", { name: "Continue" }).click();
  await look(walk, "making sure of it");
  await open(page, workspace, {
    path: `webhook-endpoints/${endpoint}?delivery=${delivery}`,
    title: "Customer care",
  });
  await look(walk, "a delivery to an endpoint");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Send once more…" }).press("Enter");
  await look(walk, "sending deliveries once more");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Rotate secret" }).press("Enter");
  await look(walk, "rotating a secret", "alertdialog");
  await open(page, workspace, { path: "webhook-endpoints", title: "Webhook endpoints" });
  await page.getByRole("button", { name: "Create endpoint" }).press("Enter");
  await page.getByText("Only some", { exact: true }).click();
  await look(walk, "creating an endpoint");
  await page.getByRole("button", { name: "Cancel" }).click();
}

async function overlays(walk: Walk): Promise<void> {
  const { page } = walk;
  for (const [keys, name] of [
    ["Control+k", "Commands"],
    ["Shift+?", "Keyboard shortcuts"],
  ] as const) {
    await page.keyboard.press(keys);
    await expect(page.getByRole("dialog", { name })).toBeVisible();
    await look(walk, name);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  }
}

async function menu({ audit, page }: Walk): Promise<void> {
  await page.getByRole("button", { name: "Open menu" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await audit.look("the menu");
  await page.getByRole("button", { name: "Close menu" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
}

async function write({ page, workspace }: Walk): Promise<void> {
  await open(page, workspace, { path: "compose", title: "New message" });
  await page.getByRole("textbox", { name: "To", exact: true }).fill("+447700900123");
  await page.getByRole("textbox", { name: "Message" }).fill("Your parcel waits at the shop");
}

async function unsaved(walk: Walk): Promise<void> {
  const { page } = walk;
  await write(walk);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Commands" }).getByRole("combobox").fill("Settings");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Leave this page?")).toBeVisible();
  await look(walk, "leaving with changes", "alertdialog");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("Your parcel waits at the shop");
}

async function signingIn(walk: Walk): Promise<void> {
  const { page, context } = walk;
  await write(walk);
  await context.clearCookies();
  await page.getByRole("button", { name: "Send message" }).click();
  await look(walk, "signing in again");
}
