// How messages are delivered: who is told, who wants none, when none is sent, and what keeps them from leaving.

import { createHmac } from "node:crypto";
import type { ListSuppressionView } from "../../frontend/src/api/schema.gen.ts";
import { CUSTOMER } from "../support/sending.ts";
import { Sink } from "../support/sink.ts";
import { test as base, expect } from "../support/test.ts";

const test = base.extend<{ sink: Sink }>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs, and this one needs nothing.
  sink: async ({}, use) => {
    const sink = await Sink.start();
    await use(sink);
    await sink.stop();
  },
  gatewayOptions: async ({ sink }, use) => {
    await use({ env: { DUPLEX_WEBHOOK_ORIGINS: sink.origin } });
  },
});

test("an endpoint is told, an opted-out person is not written to, quiet hours are set, and the delivery is looked at", async ({
  owner,
  page,
  sink,
}) => {
  test.slow();
  const workspace = owner.workspace("sandbox");

  // A webhook endpoint, whose secret is shown once and signs what it gets.
  await page.goto(`/w/${workspace}/webhook-endpoints`);
  await page.getByRole("button", { name: "Create endpoint" }).click();
  const creating = page.getByRole("dialog", { name: "Create a webhook endpoint" });
  await creating.getByLabel("Address").fill(`${sink.origin}/hooks`);
  await creating.getByLabel("What it is for").fill("order service");
  await creating.getByRole("radio", { name: "Only some" }).check();
  await creating.getByRole("checkbox", { name: "contact.suppressed" }).check();
  await creating.getByRole("button", { name: "Create endpoint" }).click();
  const shown = page.getByRole("dialog", { name: "Store this secret now" });
  const secret = await shown.getByLabel("Signing secret", { exact: true }).inputValue();
  expect(secret).toMatch(/^whsec_/);
  await shown.getByRole("button", { name: "I have stored it" }).click();
  expect(await page.content(), "the secret is not shown again").not.toContain(secret);

  await page.getByRole("link", { name: "order service" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "order service" })).toBeVisible();
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText(/^The endpoint took the test after/)).toBeVisible();
  expect(sink.of("webhook.test")).toHaveLength(1);

  // Somebody opts out by phone.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Suppressions" }).click();
  await page.getByRole("button", { name: "Suppress somebody" }).click();
  const suppressing = page.getByRole("dialog");
  await suppressing.getByLabel("Number or user id").fill("+44 7700 900123");
  await suppressing.getByLabel("Note").fill("asked by phone");
  await suppressing.getByRole("button", { name: "Continue" }).click();
  await expect(suppressing.getByText(/No message reaches this person from now on/)).toBeVisible();
  await suppressing.getByRole("button", { name: "Suppress", exact: true }).click();
  await expect(suppressing).toBeHidden();
  const row = page.getByRole("table", { name: "Suppressions" }).getByRole("row").filter({ hasText: "asked by phone" });
  await expect(row).toBeVisible();

  // Nothing is sent to them, and the form says so at the field.
  await page.goto(`/w/${workspace}/compose?to=${encodeURIComponent(CUSTOMER)}`);
  await page.getByRole("textbox", { name: "Message" }).fill("Your parcel is on its way");
  await page.getByRole("button", { name: "Send message" }).click();
  const to = page.getByRole("textbox", { name: "To", exact: true });
  await expect(to).toHaveAttribute("aria-invalid", "true");
  expect((await owner.messages()).filter(({ direction }) => direction === "outbound")).toEqual([]);
  // The form is left as it is.
  await to.fill("");
  await page.getByRole("textbox", { name: "Message" }).fill("");

  // The endpoint heard of it, signed with the secret that was shown.
  await owner.until("the endpoint is told", async () => sink.of("contact.suppressed").length === 1);
  const [told] = sink.of("contact.suppressed");
  const signed = `${told?.headers["webhook-id"]}.${told?.headers["webhook-timestamp"]}.${told?.body}`;
  const signature = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64")).update(signed);
  expect(told?.headers["webhook-signature"]).toBe(`v1,${signature.digest("base64")}`);

  await page.goto(`/w/${workspace}/webhook-endpoints`);
  await page.getByRole("link", { name: "order service" }).click();
  await page.getByRole("button", { name: /^contact\.suppressed, .*, Taken$/ }).click();
  const delivery = page.getByRole("dialog", { name: "contact.suppressed" });
  await expect(delivery.getByRole("region", { name: "Tries" }).getByText("204")).toBeVisible();
  await expect(delivery.getByText("asked by phone")).toBeVisible();
  await delivery.getByRole("button", { name: "Send once more" }).click();
  await owner.until("it is sent once more", async () => sink.of("contact.suppressed").length === 2);
  await page.keyboard.press("Escape");

  // The suppression is lifted, and what stays elsewhere is said.
  await page.goto(`/w/${workspace}/suppressions`);
  await page.getByRole("button", { name: /^Lift the suppression of/ }).click();
  const lifting = page.getByRole("alertdialog");
  await expect(lifting.getByText(/Twilio’s own block stays/)).toBeVisible();
  await lifting.getByRole("button", { name: "Lift suppression" }).click();
  await expect(page.getByText("Nobody has opted out")).toBeVisible();
  await page.getByRole("checkbox", { name: "With lifted ones" }).check();
  await expect(page.getByRole("table", { name: "Suppressions" }).getByRole("row")).toHaveCount(2);
  const { data } = await owner.call<ListSuppressionView>("GET", "/suppressions");
  expect(data).toEqual([]);

  // Quiet hours.
  await page.goto(`/w/${workspace}/settings`);
  const quiet = page.getByRole("form", { name: "Quiet hours" });
  await quiet.getByRole("checkbox", { name: "Keep quiet hours" }).check();
  await quiet.getByLabel("From").fill("20:30");
  await quiet.getByLabel("Until").fill("20:30");
  await quiet.getByRole("button", { name: "Save" }).click();
  await expect(quiet.getByText("It must differ from the beginning")).toBeVisible();
  await quiet.getByLabel("Until").fill("07:45");
  await quiet.getByLabel("Time zone of others").selectOption("America/Sao_Paulo");
  await quiet.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. It concerns messages that wait, too.")).toBeVisible();
  expect(await owner.call("GET", "/delivery-settings")).toMatchObject({
    quiet_hours: { from: "20:30", until: "07:45", classes: ["marketing"] },
    time_zone: "America/Sao_Paulo",
  });

  // What keeps messages from leaving: a channel that is held stands in the log at once.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Delivery" }).click();
  const { name } = await owner.channel("twilio");
  const limits = page.getByRole("region", { name });
  await expect(limits.getByText("Circuit closed")).toBeVisible();
  await expect(limits.getByText("1,000 messages a second")).toBeVisible();
  await owner.hold("twilio");
  const log = page.getByRole("list", { name: "What turned" });
  await expect(log.getByRole("listitem").filter({ hasText: name }).getByText("Held", { exact: true })).toBeVisible();

  // What could go by the other provider.
  await page.getByRole("link", { name: "Failover readiness" }).click();
  const choice = page.getByRole("radiogroup", { name: "Going by the other provider" });
  await expect(choice.getByRole("radio", { name: "By hand" })).toBeChecked();
  await choice.getByText("By itself", { exact: true }).click();
  await expect(page.getByText("When a provider fails: By itself")).toBeVisible();
  await page.getByRole("combobox", { name: "Compare prices in" }).selectOption("Brazil");
  await expect(page.getByRole("button", { name: "Remove Brazil" })).toBeVisible();
  const { name: direct } = await owner.channel("direct");
  await expect(
    page.getByRole("region", { name: `From ${direct} to ${name}` }).getByText(`${name} is held.`),
  ).toBeVisible();
});
