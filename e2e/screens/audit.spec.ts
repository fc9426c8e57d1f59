// The audit that the screens have to pass: each kind of fault is found.

import { violations } from "../support/audit/axe.ts";
import { focusFaults } from "../support/audit/focus.ts";
import { layoutFaults } from "../support/audit/layout.ts";
import { expect, newcomer } from "../support/test.ts";

newcomer("the audit finds what it looks for", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Set up Duplex" })).toBeVisible();
  expect(await layoutFaults(page)).toEqual([]);
  expect(await focusFaults(page)).toEqual([]);

  await page.evaluate(() => {
    const add = (kind: string, text: string, style: Partial<CSSStyleDeclaration>) => {
      const element = document.createElement(kind);
      element.textContent = text;
      Object.assign(element.style, style);
      document.querySelector("main")?.append(element);
    };
    add("p", "a very wide paragraph", { width: "3000px", textAlign: "right" });
    add("p", "words that do not fit", { width: "20px", overflow: "hidden", whiteSpace: "nowrap" });
    add("button", "tiny", { width: "10px", height: "10px", outline: "none", boxShadow: "none" });
    add("p", "pale words", { color: "rgb(250 250 250)", background: "white" });
  });
  const layout = await layoutFaults(page);
  for (const fault of [
    /the page is \d+ px wide/,
    /a very wide paragraph/,
    /words that do not fit/,
    /tiny.* too small/,
  ]) {
    expect(layout).toContainEqual(expect.stringMatching(fault));
  }
  expect(await focusFaults(page)).toEqual([expect.stringMatching(/can't be seen at <button> “tiny”/)]);
  expect(await violations(page)).toContainEqual(expect.stringMatching(/^axe color-contrast/));
});
