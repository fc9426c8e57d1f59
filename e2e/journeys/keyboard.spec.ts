// The main journey without a mouse: set up, send, answer, change the provider.

import { expectRead } from "../support/first-minute.ts";
import { tabTo, typeInto } from "../support/keyboard.ts";
import { credentials, Owner } from "../support/owner.ts";
import { expect, newcomer, test } from "../support/test.ts";

newcomer("from setup to another provider by keyboard alone", async ({ gateway, page }) => {
  await page.goto("/");
  await typeInto(page, page.getByLabel("Setup code"), gateway.setupCode);
  await typeInto(page, page.getByLabel("Your name"), "Owner");
  await typeInto(page, page.getByLabel("Email", { exact: true }), credentials.email);
  await typeInto(page, page.getByLabel("Password", { exact: true }), credentials.password);
  await page.keyboard.press("Enter");

  const title = (name: string) => page.getByRole("heading", { level: 1, name });
  await expect(title("Overview")).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Send test message" }));
  await page.keyboard.press("Enter");
  await expectRead(page);

  await typeInto(page, page.getByLabel("Answer as the customer"), "Is it here already?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Phone" }).getByText("Is it here already?")).toBeVisible();

  await tabTo(page, page.getByText("See what your server received"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("MessageStatus").first()).toBeVisible();

  // The palette needs no way through the page.
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
  await page.keyboard.type("Providers");
  await page.keyboard.press("Enter");
  await expect(title("Providers")).toBeFocused();

  const choice = page.getByRole("radiogroup", { name: "Provider" });
  await tabTo(page, choice.getByRole("radio", { name: "Twilio" }));
  await page.keyboard.press("ArrowDown");
  await expect(choice.getByRole("radio", { name: "Direct" })).toBeChecked();
  await tabTo(page, page.getByRole("button", { name: "Use Direct" }));
  await page.keyboard.press("Enter");

  const owner = await Owner.signIn(gateway);
  await owner.until("the choice is stored", async () => {
    const { whatsapp_provider } = await owner.call<{ whatsapp_provider: string }>("GET", "/workspace");
    return whatsapp_provider === "direct";
  });
});

test("a drawer keeps the focus, and gives it back to the row it came from", async ({ owner, page }) => {
  const program = await owner.program();
  await program.send({ body: "A parcel for you" });
  await page.goto(`/w/${owner.workspace("sandbox")}/messages`);
  const row = page.getByRole("table", { name: "Messages" }).getByRole("row").filter({ hasText: "A parcel for you" });
  const opener = row.getByRole("button");
  await tabTo(page, opener);
  await page.keyboard.press("Enter");

  const story = page.getByRole("dialog");
  await expect(story.getByRole("heading", { name: "Timeline" })).toBeVisible();
  for (let stops = 0; stops < 30; stops += 1) {
    await page.keyboard.press("Tab");
    const inside = await story.evaluate(
      (dialog) => dialog.contains(document.activeElement) || document.activeElement === document.body,
    );
    expect(inside, "focus stays in the drawer").toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();
});
