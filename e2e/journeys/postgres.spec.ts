// The console over PostgreSQL: the first minute and the change of provider. Everything else runs on SQLite.

import { postgres } from "../support/database.ts";
import { firstMinute } from "../support/first-minute.ts";
import { Owner } from "../support/owner.ts";
import { switchProvider } from "../support/provider-switch.ts";
import { newcomer } from "../support/test.ts";

for (const { fresh } of postgres) {
  const onPostgres = newcomer.extend({
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads a fixture's needs from its first parameter.
    gatewayOptions: async ({}, use) => {
      const { databaseUrl, drop } = fresh();
      await use({ databaseUrl });
      drop();
    },
  });

  onPostgres("first message and change of provider on PostgreSQL", async ({ gateway, page }) => {
    await firstMinute(page, gateway);
    await switchProvider(page, await Owner.signIn(gateway));
  });
}
