// The frame of every page as assistive technology sees it.

import { expect, test } from "../support/test.ts";

test("the navigation names the pages that there are, and the one that is open", async ({ owner, page }) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/messages`);
  await expect(page.getByRole("navigation", { name: "Main" })).toMatchAriaSnapshot(`
    - navigation "Main":
      - list:
        - listitem:
          - link "Overview"
        - listitem:
          - link "Messages"
        - listitem:
          - link "Virtual phone"
      - list "Providers":
        - listitem:
          - link "Providers"
        - listitem:
          - link "Channels"
      - list "Developers":
        - listitem:
          - link "API keys"
        - listitem:
          - link "Event log"
      - list:
        - listitem:
          - link "Settings"
  `);
  const open = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Messages", exact: true });
  await expect(open).toHaveAttribute("aria-current", "page");
});

test("a way around the navigation leads to the page, and its heading takes the focus after a change of page", async ({
  owner,
  page,
}) => {
  await page.goto(`/w/${owner.workspace("sandbox")}/overview`);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Channels" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Channels" })).toBeFocused();
  await expect(page).toHaveTitle("Channels · Duplex");
});
