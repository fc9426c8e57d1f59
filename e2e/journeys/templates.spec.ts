// Templates: written, approved at both providers, sent with values, and what becomes of one that is rejected.

import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

/** Writes a template and saves it; the page of the template is open afterwards. */
async function write(page: Page, workspace: string, name: string): Promise<void> {
  await page.goto(`/w/${workspace}/templates`);
  await page.getByRole("link", { name: "New template" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByRole("textbox", { name: "Language" }).fill("en");
  await page
    .getByRole("textbox", { name: "Text", exact: true })
    .fill("Hello {{1}}, order {{2}} has left our warehouse.");
  await page.getByRole("textbox", { name: "Sample for {{1}}" }).fill("Ada");
  await page.getByRole("textbox", { name: "Sample for {{2}}" }).fill("77");
  await expect(page.getByRole("region", { name: "Preview" })).toContainText(
    "Hello Ada, order 77 has left our warehouse.",
  );
  await page.getByRole("button", { name: "Save template" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

async function submit(page: Page, provider: RegExp): Promise<void> {
  const channel = page.getByRole("combobox", { name: "For the account of" });
  const option = channel.locator("option").filter({ hasText: provider });
  await channel.selectOption(await option.getAttribute("value"));
  await page.getByRole("button", { name: "Submit for approval" }).click();
}

test("a template is written, approved at both providers, and reaches the person with its values", async ({
  owner,
  page,
}) => {
  const workspace = owner.workspace("sandbox");
  await write(page, workspace, "order_shipped");
  await submit(page, /Direct/);
  await submit(page, /Twilio/);
  const standing = page.getByRole("region", { name: "Where it stands" });
  await expect(standing.getByText("Approved", { exact: true })).toHaveCount(2);

  for (const [provider, person] of [
    ["direct", "+447700900123"],
    ["twilio", "+447700900456"],
  ] as const) {
    await owner.useProvider(provider);
    await page.goto(`/w/${workspace}/compose?to=${encodeURIComponent(person)}`);
    await page.getByRole("combobox", { name: "Kind of message" }).selectOption("template");
    await page.getByRole("combobox", { name: "Template", exact: true }).selectOption({ label: "order_shipped · en" });
    await page.getByRole("textbox", { name: "Value 1" }).fill("Grace");
    await page.getByRole("textbox", { name: "Value 2" }).fill("78");
    const words = "Hello Grace, order 78 has left our warehouse.";
    await expect(page.getByRole("region", { name: "Preview" })).toContainText(words);
    await page.getByRole("button", { name: "Send message" }).click();
    await expect(page.getByRole("link", { name: "See its story" })).toBeVisible();
    await owner.until("read", async () => (await owner.messages())[0]?.state === "read");
    await page.goto(`/w/${workspace}/phone?customer=${encodeURIComponent(person)}`);
    await expect(page.getByRole("region", { name: "Phone" })).toContainText(words);
  }
});

test("a template that is rejected says why in full", async ({ owner, page }) => {
  await write(page, owner.workspace("sandbox"), "please_reject");
  await submit(page, /Direct/);
  const standing = page.getByRole("region", { name: "Where it stands" });
  await expect(standing.getByText("Rejected", { exact: true })).toBeVisible();
  await expect(standing).toContainText("INVALID_FORMAT");
  await expect(standing).toContainText("Leave the word reject out of the name.");

  await page.getByRole("link", { name: "All templates" }).click();
  await page.getByRole("combobox", { name: "Status" }).selectOption("rejected");
  await expect(page.getByRole("table", { name: "Templates" })).toContainText("please_reject");
});
