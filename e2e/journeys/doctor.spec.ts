// A misconfigured channel: named with its cure, repaired, tested, and proven by a message that came back.

import { expectReport, field, fill, ladder, openForm, saveAndTest, test } from "../support/connecting.ts";
import { expect } from "../support/test.ts";

test("two ids that were exchanged are named; repaired, everything that the internet is not needed for is green", async ({
  owner,
  page,
  simulator,
}) => {
  const account = await simulator.directAccount();
  const live = owner.workspace("live");
  const form = await openForm(page, live, "Direct");

  await test.step("the ids stand in each other's fields", async () => {
    await fill(form, {
      "Channel name": "Support",
      "App id": account.app_id,
      "App secret": account.app_secret,
      "Access token": account.access_token,
      "WhatsApp Business Account id": account.phone_number_id,
      "Phone number id": account.waba_id,
    });
    await saveAndTest(form);
    await expect(field(form, "Phone number id")).toHaveAccessibleDescription(/Exchange the two ids/);
  });

  await test.step("exchanged, only the webhooks are left", async () => {
    await fill(form, {
      "WhatsApp Business Account id": account.waba_id,
      "Phone number id": account.phone_number_id,
    });
    await saveAndTest(form);
    await expectReport(page, ladder({ Subscription: "Failed", Callback: "Failed" }));
  });

  await test.step("a repair says what it will set, and what it set", async () => {
    await page.getByRole("link", { name: "Open the channel" }).click();
    await page.getByRole("button", { name: "Repair" }).click();
    const asked = page.getByRole("alertdialog");
    await expect(asked).toContainText(`${owner.gateway.address}/hooks/direct/${account.app_id}`);
    await asked.getByRole("button", { name: "Set it" }).click();
    const mended = page.getByRole("list", { name: "What was set" });
    await expect(mended.getByText("The app's callback")).toBeVisible();
    await expectReport(page, ladder());
  });

  await test.step("a customer's message proves the way in, and a test message the way out and back", async () => {
    const trip = page.getByRole("form", { name: "Prove the round trip" });
    await trip.getByLabel("Number that gets a test message").fill("+447700900123");
    await trip.getByRole("button", { name: "Prove the round trip" }).click();
    await expect(trip.getByText(/has not written to the sender within 24 hours/)).toBeVisible();

    await simulator.inbound({ sender: account.phone_number_id, from: "+447700900123", text: "Hello" });
    await expectReport(page, ladder({ "Round trip": "Passed" }));
    await trip.getByRole("button", { name: "Prove the round trip" }).click();
    await expect(trip.getByText("It went the whole way")).toBeVisible();
  });
});
