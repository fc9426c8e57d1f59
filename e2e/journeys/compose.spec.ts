// Writing to somebody: what is seen before is what arrives, and what is refused keeps what was typed.

import { expect, test } from "../support/test.ts";

test("a message looks in the preview as it arrives, and the way to its story is there", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/compose`);
  await page.getByRole("textbox", { name: "To", exact: true }).fill("+447700900777");
  await page.getByRole("textbox", { name: "Message" }).fill("Your parcel waits\nat the shop 🎁");
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview).toContainText("Your parcel waits");
  await expect(preview).toContainText("at the shop 🎁");

  await page.getByRole("button", { name: "Send message" }).click();
  await page.getByRole("link", { name: "See its story" }).click();
  const story = page.getByRole("dialog");
  await expect(story.getByText("at the shop 🎁").first()).toBeVisible();
  const [sent] = await owner.messages();
  expect(sent).toMatchObject({ person: "+447700900777", content: { body: "Your parcel waits\nat the shop 🎁" } });
  await page.goto(`/w/${owner.workspace("sandbox")}/phone?customer=%2B447700900777`);
  await expect(page.getByRole("region", { name: "Phone" })).toContainText("at the shop 🎁");
});

test("a number that is none is told at its field, before and after it was sent", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/compose`);
  const to = page.getByRole("textbox", { name: "To", exact: true });
  await to.fill("07700 900123");
  await page.getByRole("textbox", { name: "Message" }).fill("Your parcel waits at the shop");
  await page.getByRole("button", { name: "Send message" }).click();
  await expect(to).toHaveAccessibleDescription(/A number starts with \+/);
  await expect(to).toBeFocused();

  // It has the form of a number, but no country has this code: only the server knows.
  await to.fill("+9997700900123");
  await page.getByRole("button", { name: "Send message" }).click();
  await expect(to).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("Your parcel waits at the shop");
  expect(await owner.messages()).toHaveLength(0);
});

test("a template's values are seen in the preview and sent as they are", async ({ owner, page }) => {
  await owner.useProvider("direct");
  await page.goto(`/w/${owner.workspace("sandbox")}/compose`);
  await page.getByRole("textbox", { name: "To", exact: true }).fill("+447700900123");
  await page.getByLabel("Kind of message").selectOption({ label: "Template" });
  await page.getByRole("textbox", { name: "Template name" }).fill("order_shipped");
  await page.getByRole("textbox", { name: "Language" }).fill("en_GB");
  await page.getByLabel("Header", { exact: true }).selectOption({ label: "Document" });
  await page.getByLabel("From", { exact: true }).selectOption({ label: "Address" });
  await page.getByRole("textbox", { name: "Public address" }).fill("https://acme.example/d/inv-77.pdf");
  await page.getByRole("button", { name: "Add a value" }).click();
  await page.getByRole("textbox", { name: "Value 1" }).fill("Ada");
  await page.getByRole("button", { name: "Add a value" }).click();
  await page.getByRole("textbox", { name: "Value 2" }).fill("Shop 7");
  await page.getByRole("button", { name: "Add a button" }).click();
  await page.getByRole("textbox", { name: "End of the link of button 1" }).fill("77");
  await expect(page.getByRole("region", { name: "Preview" })).toContainText("Shop 7");
  await page.getByRole("button", { name: "Send message" }).click();

  await expect(page.getByRole("link", { name: "See its story" })).toBeVisible();
  const [sent] = await owner.messages();
  expect(sent?.content).toMatchObject({ type: "template", name: "order_shipped", language: "en_GB" });
  expect(JSON.stringify(sent?.content)).toContain("Shop 7");
});

test("whoever leaves a half-written message is asked first", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/compose`);
  const message = page.getByRole("textbox", { name: "Message" });
  await message.fill("Half of a thought");
  const settings = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" });
  await settings.click();
  const question = page.getByRole("alertdialog", { name: "Leave this page?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(message).toHaveValue("Half of a thought");

  await settings.click();
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});
