// A number of one's own at Meta's Cloud API, handshake of the webhook included.

import { Answers } from "../support/answers.ts";
import { expectReport, field, fill, ladder, openForm, saveAndTest, test } from "../support/connecting.ts";
import { expectSecret } from "../support/secrecy.ts";
import { expect } from "../support/test.ts";

const WRONG = { secret: "wrong-app-secret-0123456789", token: "EAAGwrongtoken0123456789" };

test("direct is connected: callback and verify token are there to copy, and Meta's handshake succeeds with them", async ({
  owner,
  page,
  context,
  simulator,
}) => {
  const account = await simulator.directAccount();
  const live = owner.workspace("live");
  const answers = new Answers(context);
  const form = await openForm(page, live, "Direct");

  await test.step("a number in place of its id is refused before anything is sent", async () => {
    await fill(form, {
      "Channel name": "Support",
      "App id": account.app_id,
      "App secret": account.app_secret,
      "Access token": account.access_token,
      "WhatsApp Business Account id": account.waba_id,
      "Phone number id": "+447700900001",
    });
    await saveAndTest(form);
    const id = field(form, "Phone number id");
    await expect(id).toHaveAccessibleDescription(/5 to 20 digits/);
    await expect(id).toBeFocused();
  });

  await test.step("with the right id only the webhook is missing", async () => {
    await field(form, "Phone number id").fill(account.phone_number_id);
    await saveAndTest(form);
    await expectReport(page, ladder({ Subscription: "Failed", Callback: "Failed" }));
  });

  await test.step("Meta tries the callback with the verify token that is shown", async () => {
    const callback = field(form, "Callback address");
    await expect(callback).toHaveValue(`${owner.gateway.address}/hooks/direct/${account.app_id}`);
    const verify = field(form, "Verify token to enter there");
    await expect(verify).toHaveValue(/^\S{8,}$/);
    await expect(simulator.setDirectWebhook(account, await callback.inputValue(), "another-word")).rejects.toThrow(
      "Callback verification failed",
    );
    await simulator.setDirectWebhook(account, await callback.inputValue(), await verify.inputValue());
    await saveAndTest(form);
    // The messages come; of the account's other events the app is told nothing yet.
    await expectReport(page, ladder({ Subscription: "Warning" }));
  });

  await test.step("secrets are nowhere", async () => {
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Providers" }).waitFor();
    for (const secret of [account.app_secret, account.access_token]) {
      await expectSecret(secret, { page, answers, owner, workspace: live });
    }
  });
});

test("each wrong credential is told at the field it was typed in", async ({ owner, page, simulator }) => {
  const account = await simulator.directAccount();
  const stranger = await simulator.directAccount();
  const form = await openForm(page, owner.workspace("live"), "Direct");
  await fill(form, {
    "Channel name": "Support",
    "App id": account.app_id,
    "App secret": WRONG.secret,
    "Access token": account.access_token,
    "WhatsApp Business Account id": account.waba_id,
    "Phone number id": account.phone_number_id,
  });
  await saveAndTest(form);
  await expect(field(form, "App secret")).toHaveAccessibleDescription(/the app secret is not/);

  await fill(form, { "App secret": account.app_secret, "App id": stranger.app_id });
  await saveAndTest(form);
  await expect(field(form, "App id")).toHaveAccessibleDescription(/belongs to another app/);

  await field(form, "App id").fill(account.app_id);
  await field(form, "Phone number id").fill(stranger.phone_number_id);
  await saveAndTest(form);
  // Meta does not let the token see a stranger's number, so it is the assignment that is told of.
  await expect(field(form, "WhatsApp Business Account id")).toHaveAccessibleDescription(/can't be read/);

  await field(form, "Phone number id").fill(account.phone_number_id);
  await form.getByRole("button", { name: "Replace Access token" }).click();
  await field(form, "Access token").fill(WRONG.token);
  await saveAndTest(form);
  await expect(field(form, "Access token")).toHaveAccessibleDescription(/does not accept the access token/);
});

test("what was typed for one provider is there again after a look at the other", async ({ owner, page }) => {
  const form = await openForm(page, owner.workspace("live"), "Twilio");
  await field(form, "Account SID").fill("AC0123456789abcdef0123456789abcdef");
  const choice = page.getByRole("radiogroup", { name: "Provider" });
  await choice.getByRole("radio", { name: "Direct" }).check();
  const other = page.getByRole("form", { name: "Connect Direct" });
  await field(other, "App id").fill("100000000000001");
  await choice.getByRole("radio", { name: "Twilio" }).check();
  await expect(field(form, "Account SID")).toHaveValue("AC0123456789abcdef0123456789abcdef");
  await choice.getByRole("radio", { name: "Direct" }).check();
  await expect(field(other, "App id")).toHaveValue("100000000000001");
});
