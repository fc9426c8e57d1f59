// The gateway goes away under an open page, and comes back.

import { expect, test } from "../support/test.ts";

test("a page outlives a restart of the gateway and shows what came after it", async ({
  gateway,
  owner,
  page,
  troubles,
}) => {
  // The browser writes a line for each connection that is refused while the gateway is away.
  troubles.expect(/^console error: Failed to load resource: net::ERR_(CONNECTION_(REFUSED|RESET)|EMPTY_RESPONSE)/);
  troubles.expect(/^console error: Failed to load resource: net::ERR_INCOMPLETE_CHUNKED_ENCODING/);

  const program = await owner.program();
  await program.send({ body: "Before the restart" });
  await page.goto(`/w/${owner.workspace("sandbox")}/messages`);
  const table = page.getByRole("table", { name: "Messages" });
  await expect(table.getByText("Before the restart")).toBeVisible();
  const status = page.getByRole("status");
  await expect(status.filter({ hasText: /^Live$/ })).toBeVisible();

  await gateway.kill();
  await expect(status.filter({ hasText: "Reconnecting…" })).toBeVisible();
  await expect(table.getByText("Before the restart"), "what was there stays").toBeVisible();

  await gateway.startAgain();
  await program.send({ body: "After the restart" });
  await expect(table.getByText("After the restart")).toBeVisible();
  await expect(status.filter({ hasText: /^Live$/ })).toBeVisible();
});
