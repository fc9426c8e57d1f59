// The console on another host than the gateway's.

import { signIn } from "../support/entrance.ts";
import { Owner } from "../support/owner.ts";
import { StaticHost } from "../support/static-host.ts";
import { expect, newcomer } from "../support/test.ts";

const test = newcomer.extend<{ host: StaticHost }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads a fixture's needs from its first parameter.
  host: async ({}, use) => {
    const host = await StaticHost.start();
    await use(host);
    await host.stop();
  },

  gatewayOptions: async ({ host }, use) => {
    await use({ env: { DUPLEX_ALLOWED_ORIGINS: host.address } });
  },
});

test("the console works from a static host that the gateway allows", async ({ gateway, host, page, troubles }) => {
  troubles.allow(host.address);
  host.serve(gateway.address);
  const owner = await Owner.of(gateway);

  await page.goto(`${host.address}/`);
  await signIn(page);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();

  const program = await owner.program();
  const { id } = await program.send({ body: "Seen from afar" });
  await expect(page.getByRole("region", { name: "Phone" }).getByText("Seen from afar")).toBeVisible();
  await page.goto(`${host.address}/w/${owner.workspace("sandbox")}/messages?message=${id}`);
  await expect(page.getByRole("dialog").getByRole("heading", { name: "Timeline" })).toBeVisible();
});

test("a host that is not allowed is refused, and the page says so", async ({ gateway, page, troubles }) => {
  const stranger = await StaticHost.start();
  try {
    troubles.allow(stranger.address);
    // The browser writes a line for each answer that it keeps from the page.
    troubles.expect(/^console error: (Access to fetch|Failed to load resource: net::ERR_FAILED)/);
    stranger.serve(gateway.address);
    await Owner.of(gateway);
    await page.goto(`${stranger.address}/sign-in`);
    await signIn(page);
    await expect(page.getByText("The server can't be reached. Is it running?")).toBeVisible();
  } finally {
    await stranger.stop();
  }
});
