// What happened, as programs see it, and what the providers sent.

import { expect, test } from "../support/test.ts";

test("the log follows what happens, and a filter stays in the address", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/event-log`);
  await expect(page.getByText("Loading…")).toHaveCount(0);
  const program = await owner.program();
  await program.send();
  const events = page.getByRole("table", { name: "Events" });
  await expect(events.getByText("message.queued")).toBeVisible();
  await expect(events.getByText("message.read")).toBeVisible();

  await page.getByLabel("Type").selectOption("message.read");
  await expect(events.getByText("message.queued")).toBeHidden();
  await page.reload();
  await expect(events.getByText("message.read")).toBeVisible();
  await expect(events.getByText("message.queued")).toBeHidden();

  await page.getByRole("link", { name: "Webhooks" }).click();
  const webhooks = page.getByRole("table", { name: "Webhooks" });
  await webhooks.getByRole("button").first().click();
  await expect(page.getByRole("dialog").getByText("MessageStatus").first()).toBeVisible();
});
