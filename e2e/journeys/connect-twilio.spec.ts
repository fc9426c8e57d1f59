// A sender of one's own at Twilio, from the wrong account to a message that was read.

import { Answers } from "../support/answers.ts";
import { expectReport, field, fill, ladder, openForm, saveAndTest, test } from "../support/connecting.ts";
import { expectSecret } from "../support/secrecy.ts";
import { expect } from "../support/test.ts";

const WRONG_TOKEN = "9d31c07be2f84a56b1e8d2074c6f5a93";

test("Twilio is connected: what is wrong is told at its field, and the secret is never seen again", async ({
  owner,
  page,
  context,
  simulator,
}) => {
  const account = await simulator.twilioAccount();
  const live = owner.workspace("live");
  const answers = new Answers(context);
  const form = await openForm(page, live, "Twilio");

  await test.step("an account SID of the wrong form is refused before anything is sent", async () => {
    await fill(form, {
      "Channel name": "Support",
      "Account SID": "AC0123",
      "Auth token": WRONG_TOKEN,
      "Sender number": account.sender_number.replace("whatsapp:", ""),
    });
    await saveAndTest(form);
    const sid = field(form, "Account SID");
    await expect(sid).toHaveAttribute("aria-invalid", "true");
    await expect(sid).toHaveAccessibleDescription(/AC and 32 hex digits/);
    await expect(sid).toBeFocused();
    await expect(owner.channel("twilio", live)).rejects.toThrow("no channel");
  });

  await test.step("a token that Twilio does not accept is told at the token", async () => {
    await field(form, "Account SID").fill(account.account_sid);
    await saveAndTest(form);
    await expect(field(form, "Auth token")).toHaveAccessibleDescription(/does not accept/);
    await expectReport(
      page,
      ladder({
        Credentials: "Failed",
        Permissions: "Skipped",
        Sender: "Skipped",
        Standing: "Skipped",
        Subscription: "Skipped",
        Callback: "Skipped",
      }),
    );
  });

  await test.step("with the right token only the webhook is missing; its address is there to copy", async () => {
    await field(form, "Auth token").fill(account.auth_token);
    await saveAndTest(form);
    await expectReport(page, ladder({ Callback: "Failed" }));
    const { id } = await owner.channel("twilio", live);
    const address = `${owner.gateway.address}/hooks/twilio/${id}`;
    await expect(field(form, "Webhook for incoming messages")).toHaveValue(address);

    await simulator.setTwilioWebhook(account, address);
    await saveAndTest(form);
    await expectReport(page, ladder());
  });

  await test.step("a message goes out and is read", async () => {
    const program = await owner.program(live);
    const { id } = await program.send();
    await expect
      .poll(async () => (await owner.call<{ state: string }>("GET", `/messages/${id}`, undefined, live)).state)
      .toBe("read");
  });

  await test.step("the token is nowhere", async () => {
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Providers" }).waitFor();
    await page.goto(`/w/${live}/channels`);
    await page
      .getByRole("link", { name: /Support/ })
      .first()
      .click();
    await expect(page.getByText(`…${account.auth_token.slice(-4)}`).first()).toBeVisible();
    for (const secret of [account.auth_token, WRONG_TOKEN]) {
      await expectSecret(secret, { page, answers, owner, workspace: live });
    }
  });
});
