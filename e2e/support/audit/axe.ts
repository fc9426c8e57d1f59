// What axe finds. Nothing is switched off.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** One line for each thing that breaks a rule on the page as it stands. */
export async function violations(page: Page): Promise<string[]> {
  // The other mode looks into frames of other origins, of which there are none, and takes twice as long.
  const found = (await new AxeBuilder({ page }).setLegacyMode(true).withTags(tags).analyze()).violations;
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message);
      return `axe ${id} at ${target.join(" ")}: ${why.join("; ")}`;
    }),
  );
}
