// What becomes of messages that do not simply arrive: a person decides, mends the cause and sends again, or takes them back.

import { expect, test } from "../support/test.ts";

test("a message whose answer was lost stands in the tray until somebody decides, and its story tells who", async ({
  owner,
  page,
}) => {
  await owner.useProvider("direct");
  const { id: channel } = await owner.channel("direct");
  // Without webhooks nothing but a person can settle it.
  await owner.call("PUT", "/sandbox/faults", {
    faults: [
      { kind: "drop_webhooks", channel_id: channel },
      { kind: "lost_answer", channel_id: channel, times: 1 },
    ],
  });
  const program = await owner.program();
  const { id } = await program.send({ body: "Sent into the dark" });
  await owner.until("unknown", async () => (await owner.story(id)).state === "unknown");

  await page.goto(`/w/${owner.workspace("sandbox")}/overview`);
  const rail = page.getByRole("navigation", { name: "Main" });
  await rail.getByRole("link", { name: "Unknown 1 open" }).click();
  const tray = page.getByRole("list", { name: "Unknown messages" });
  await expect(tray.getByText("Sent into the dark")).toBeVisible();
  await expect(tray.getByText("The provider's answer was lost", { exact: true })).toBeVisible();

  await tray.getByRole("button", { name: "Send it again" }).click();
  const question = page.getByRole("dialog", { name: "What became of this message?" });
  await expect(question.getByText("The person may get it twice")).toBeVisible();
  await question.getByRole("radio", { name: "It arrived" }).check();
  await expect(question.getByText("The person may get it twice")).toBeHidden();
  await question.getByRole("textbox", { name: "Reason" }).fill("The customer says that it has come");
  await question.getByRole("button", { name: "Count as arrived" }).click();
  await expect(page.getByText("Nothing is in doubt")).toBeVisible();
  await expect(rail.getByRole("link", { name: "Unknown", exact: true })).toBeVisible();

  await page.goto(`/w/${owner.workspace("sandbox")}/messages?message=${id}`);
  const timeline = page.getByRole("dialog").getByRole("region", { name: "Timeline" });
  await expect(timeline.getByText("By Owner")).toBeVisible();
  await expect(timeline.getByText("Reason: The customer says that it has come")).toBeVisible();
  expect((await owner.story(id)).state).toBe("accepted");
  expect(await owner.ledger("direct")).toMatchObject({ accepted: 1 });
});

test("what was refused is one group by its reason, and all of it arrives when it is sent again", async ({
  owner,
  page,
}) => {
  await owner.useProvider("direct");
  const { id: channel } = await owner.channel("direct");
  await owner.call("PUT", "/sandbox/faults", {
    faults: [{ kind: "refuse", code: 132001, channel_id: channel, times: 2 }],
  });
  const program = await owner.program();
  const first = await program.send({ body: "The first parcel" });
  const second = await program.send({ body: "The second parcel" });
  for (const { id } of [first, second]) {
    await owner.until("failed", async () => (await owner.story(id)).state === "failed");
  }

  await page.goto(`/w/${owner.workspace("sandbox")}/dead-letters`);
  const group = page.getByRole("region", { name: "There is no such template" });
  await expect(group.getByText("2 messages", { exact: true })).toBeVisible();
  await expect(group.getByText("Code 132001")).toBeVisible();
  await group.getByRole("link", { name: "See the messages" }).click();
  const table = page.getByRole("table", { name: "Messages" });
  await expect(table.getByText("The first parcel")).toBeVisible();
  await expect(table.getByText("The second parcel")).toBeVisible();
  await page.goBack();

  await group.getByRole("button", { name: "Send all again" }).click();
  const question = page.getByRole("alertdialog", { name: "Send 2 messages again?" });
  await question.getByRole("button", { name: "Send 2 again" }).click();
  await expect(page.getByText("2 messages are in the queue again")).toBeVisible();
  await expect(page.getByText("Nothing failed in the last 30 days")).toBeVisible();
  for (const { id } of [first, second]) {
    await owner.until("read", async () => (await owner.story(id)).state === "read");
  }
});

test("a scheduled message waits for its time and can be taken back", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/compose`);
  await page.getByRole("textbox", { name: "To", exact: true }).fill("+447700900777");
  await page.getByRole("textbox", { name: "Message" }).fill("The sale begins");
  await page.getByText("More", { exact: true }).click();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
  await page.getByLabel(/^Not before/).fill(tomorrow);
  await expect(page.getByText(`${tomorrow}:00.000Z in UTC`)).toBeVisible();
  await page.getByText("Do this from code").click();
  await expect(page.getByText(`"send_at": "${tomorrow}:00.000Z"`)).toBeVisible();
  await page.getByRole("button", { name: "Schedule message" }).click();
  await expect(page.getByText("Scheduled, to")).toBeVisible();

  await page.getByRole("link", { name: "See its story" }).click();
  const story = page.getByRole("dialog");
  await expect(story.getByText("It is sent later, at")).toBeVisible();
  await story.getByRole("button", { name: "Cancel the message" }).click();
  await expect(story.getByText("It will not be sent.")).toBeVisible();
  await expect(story.getByText("It was cancelled")).toBeVisible();
  const [message] = await owner.messages();
  expect(message).toMatchObject({ state: "cancelled", attempts: 0 });
});
