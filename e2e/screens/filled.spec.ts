// Every screen with much to show.

import { appearances } from "../support/audit/appearances.ts";
import { Audit } from "../support/audit/audit.ts";
import { furnish } from "../support/furnish.ts";
import { open, screens } from "../support/screens.ts";
import { test } from "../support/test.ts";

for (const { name, colorScheme, viewport } of appearances) {
  test.describe(name, () => {
    test.use({ colorScheme, viewport });

    test("filled screens", async ({ owner, page }) => {
      test.slow();
      const { channel, endpoint } = await furnish(owner);
      const audit = new Audit(page);
      const ones = [
        { path: `channels/${channel}`, title: "Customer care" },
        { path: `webhook-endpoints/${endpoint}`, title: "Customer care" },
      ];
      for (const screen of [...screens, ...ones]) {
        const reached = await audit.reach(screen.path, () => open(page, owner.workspace("sandbox"), screen));
        if (reached) {
          await audit.look(screen.path);
          if (colorScheme === "light") {
            await audit.tab(screen.path);
          }
        }
      }
      audit.verify();
    });
  });
}
