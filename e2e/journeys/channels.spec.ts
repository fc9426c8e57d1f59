// A sender in use: tested, held and resumed, and one that a failure held.

import { expect, test } from "../support/test.ts";

test("a held channel keeps its messages, and lets them go when it is resumed", async ({ owner, page }) => {
  const channel = await owner.channel("twilio");
  await page.goto(`/w/${owner.workspace("sandbox")}/channels/${channel.id}`);
  await page.getByRole("button", { name: "Hold" }).click();
  await owner.until("held", async () => (await owner.channel("twilio")).state === "held");

  const program = await owner.program();
  const { id } = await program.send();
  await page.goto(`/w/${owner.workspace("sandbox")}/messages?message=${id}`);
  await expect(page.getByRole("dialog").getByText("Its channel can't send at the moment")).toBeVisible();
  expect((await owner.story(id)).tries).toHaveLength(0);

  await page.goto(`/w/${owner.workspace("sandbox")}/channels/${channel.id}`);
  await page.getByRole("button", { name: "Resume" }).click();
  await owner.until("read", async () => (await owner.story(id)).state === "read");
});

test("a channel held by dead credentials says so on the overview, and goes on when its test is green", async ({
  owner,
  page,
}) => {
  const { id: channel } = await owner.channel("twilio");
  await owner.call("PUT", "/sandbox/faults", { faults: [{ kind: "bad_token", channel_id: channel }] });
  const program = await owner.program();
  const { id } = await program.send();
  await owner.until("held", async () => (await owner.channel("twilio")).state === "held");

  await page.goto(`/w/${owner.workspace("sandbox")}/overview`);
  const health = page.getByRole("region", { name: "Channels" });
  await expect(health.getByText("Held", { exact: true }).first()).toBeVisible();

  await page.goto(`/w/${owner.workspace("sandbox")}/channels/${channel}`);
  await expect(page.getByText("Held: the provider refuses to send")).toBeVisible();
  const test = page.getByRole("button", { name: /^Test again/ }).first();
  await test.click();
  await expect(page.getByText(/does not accept/).first(), "the test names what is wrong").toBeVisible();
  expect((await owner.channel("twilio")).state).toBe("held");

  await owner.call("DELETE", "/sandbox/faults");
  await test.click();
  await expect(page.getByText("Held: the provider refuses to send")).toBeHidden();
  await owner.until("what waited is read", async () => (await owner.story(id)).state === "read");
});
