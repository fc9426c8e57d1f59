// What every test gets: a gateway of its own, and pages that are watched.

import { test as base } from "@playwright/test";
import { Gateway, type GatewayOptions } from "./gateway.ts";
import { Owner } from "./owner.ts";
import { Troubles } from "./troubles.ts";

export { expect } from "@playwright/test";

interface Options {
  /** Of the gateway: another database, other settings. */
  gatewayOptions: GatewayOptions;
}

interface Fixtures {
  /** The real program, not set up yet. Pages are relative to it. */
  gateway: Gateway;
  /** What went wrong in the pages of this test so far. */
  troubles: Troubles;
}

/** A test that begins before there is an owner. */
export const newcomer = base.extend<Options & Fixtures>({
  gatewayOptions: [{}, { option: true }],

  gateway: async ({ gatewayOptions }, use, testInfo) => {
    const gateway = await Gateway.start(gatewayOptions);
    await use(gateway);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("gateway", { body: gateway.output(), contentType: "text/plain" });
    }
    await gateway.remove();
  },

  baseURL: async ({ gateway }, use) => {
    await use(gateway.address);
  },

  troubles: async ({ context, gateway }, use) => {
    const troubles = await Troubles.watch(context, [gateway.address]);
    await use(troubles);
    troubles.verify();
  },

  page: async ({ page, troubles }, use) => {
    // Named here so that no page goes unwatched.
    void troubles;
    await use(page);
  },
});

/** A test in which the owner is signed in. */
export const test = newcomer.extend<{ owner: Owner }>({
  owner: async ({ gateway }, use) => {
    await use(await Owner.of(gateway));
  },

  storageState: async ({ owner }, use) => {
    await use(owner.storageState);
  },
});
