// The customers' side of the sandbox.

import { expect, test } from "../support/test.ts";

test("what a customer writes on the virtual phone arrives in the list of messages", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/phone`);
  await page.getByRole("textbox", { name: "Message" }).fill("Do you deliver on Sundays?");
  await page.getByRole("button", { name: "Send answer" }).click();
  await expect(page.getByRole("region", { name: "Phone" })).toContainText("Do you deliver on Sundays?");

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Messages" }).click();
  const table = page.getByRole("table", { name: "Messages" });
  await expect(table.getByRole("row").filter({ hasText: "Do you deliver on Sundays?" })).toContainText("Received");
});

test("a lost answer is shown as unknown, and the message arrives once", async ({ owner, page }) => {
  const { id: channel } = await owner.channel("twilio");
  await page.goto(`/w/${owner.workspace("sandbox")}/phone?channel=${channel}`);
  await page.getByLabel("What happens").selectOption({ label: "The answer is lost" });
  await page.getByLabel("At", { exact: true }).selectOption({ label: "Sandbox Twilio" });
  await page.getByLabel(/^How often/).fill("1");
  await page.getByRole("button", { name: "Add fault" }).click();
  await expect(page.getByText("once more")).toBeVisible();

  const program = await owner.program();
  const { id } = await program.send({ body: "Sent into the dark" });
  await expect(page.getByRole("region", { name: "Phone" })).toContainText("Sent into the dark");
  // Its receipts are the evidence that settles it.
  await owner.until("read", async () => (await owner.story(id)).state === "read");
  const { timeline, tries } = await owner.story(id);
  expect(timeline.map(({ type }) => type)).toContain("message.unknown");
  expect(tries).toHaveLength(1);
  expect(await owner.ledger("twilio")).toMatchObject({ accepted: 1 });
});
