// The list of messages: filters, a message's story, and more rows than a browser could hold.

import { expect, test } from "../support/test.ts";

const MANY = 10_000;

test("filters live in the address: a reload and the way back keep them", async ({ owner, page }) => {
  const program = await owner.program();
  await program.send({ body: "A parcel for you" });
  await program.send({ to: "+15005550004", body: "A parcel for nobody" });
  await owner.customerWrites("Where is it?");
  await page.goto(`/w/${owner.workspace("sandbox")}/messages`);
  const table = page.getByRole("table", { name: "Messages" });
  await expect(table.getByText("A parcel for nobody")).toBeVisible();
  await expect(table.getByText("Where is it?")).toBeVisible();

  await page.getByLabel("State").selectOption({ label: "Failed" });
  await expect(table.getByText("A parcel for you")).toBeHidden();
  await expect(table.getByText("A parcel for nobody")).toBeVisible();
  await expect(page).toHaveURL(/state=failed/);

  await page.reload();
  await expect(page.getByLabel("State")).toHaveValue("failed");
  await expect(table.getByText("A parcel for nobody")).toBeVisible();
  await expect(table.getByText("A parcel for you")).toBeHidden();

  await page.goBack();
  await expect(table.getByText("A parcel for you")).toBeVisible();
  await page.goForward();
  await expect(table.getByText("A parcel for you")).toBeHidden();

  await page.getByLabel("Direction").selectOption({ index: 2 });
  await expect(table.getByText("A parcel for nobody")).toBeHidden();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(table.getByText("Where is it?")).toBeVisible();
  await expect(table.getByText("A parcel for nobody")).toBeVisible();
});

test("a message's story names its attempt, its webhooks and its times, and has an address", async ({ owner, page }) => {
  const program = await owner.program();
  const { id } = await program.send({ body: "A parcel for you" });
  await expect.poll(async () => (await owner.story(id)).state).toBe("read");
  await page.goto(`/w/${owner.workspace("sandbox")}/messages`);
  const row = page.getByRole("table", { name: "Messages" }).getByRole("row").filter({ hasText: "A parcel for you" });
  await row.getByRole("button").click();

  const story = page.getByRole("dialog");
  for (const part of ["Timeline", "Attempts", "Webhooks"]) {
    await expect(story.getByRole("heading", { name: part })).toBeVisible();
  }
  await expect(page).toHaveURL(new RegExp(`message=${id}`));
  await page.reload();
  await expect(story.getByRole("heading", { name: "Timeline" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(story).toBeHidden();
});

test("ten thousand messages load as one scrolls, and few rows are in the document", async ({ owner, page }) => {
  test.slow();
  await owner.hold("twilio");
  const program = await owner.program();
  const drafts = Array.from({ length: MANY }, (_, n) => ({
    to: `+4477009${String(n % 1000).padStart(5, "0")}`,
    body: `Parcel ${n} is on its way`,
  }));
  await program.sendMany(drafts);

  await page.goto(`/w/${owner.workspace("sandbox")}/messages`);
  const table = page.getByRole("table", { name: "Messages" });
  const rows = table.getByRole("row");
  await expect(rows.nth(10)).toBeVisible();

  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("cursor=")) {
      asked.push(request.url());
    }
  });
  const scroller = page.getByRole("group", { name: "Messages" });
  const furthest = () =>
    rows.evaluateAll((all) => Math.max(...all.map((row) => Number(row.getAttribute("aria-rowindex") ?? 0))));
  for (const wanted of [100, 300, 500, 1000]) {
    await expect
      .poll(async () => {
        await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return furthest();
      })
      .toBeGreaterThan(wanted);
    expect(await rows.count(), "rows in the document").toBeLessThan(120);
  }
  expect(asked.length, "pages asked for while scrolling").toBeGreaterThan(5);
  expect(new Set(asked).size, "each page once").toBe(asked.length);
});
