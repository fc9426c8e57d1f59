// Moving through a page as people without a mouse do.

import { expect, type Locator, type Page } from "@playwright/test";

/** More than any page needs. */
const MOST_STOPS = 80;

/** Presses Tab until a control has the focus. */
export async function tabTo(page: Page, target: Locator, key = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`${MOST_STOPS} times ${key} do not reach ${target}`);
}

/** Goes to a field, takes away what stands in it, and types. */
export async function typeInto(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
}
