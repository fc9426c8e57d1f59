// A gateway whose live workspace finds both providers at a simulator that it knows nothing of: every credential has to be typed.

import type { Locator, Page } from "@playwright/test";
import { Simulator } from "./simulator.ts";
import { test as base, expect } from "./test.ts";

export const test = base.extend<{ simulator: Simulator }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads a fixture's needs from its first parameter.
  simulator: async ({}, use) => {
    const simulator = await Simulator.start();
    await use(simulator);
    await simulator.remove();
  },

  gatewayOptions: async ({ simulator }, use) => {
    await use({ env: simulator.settings });
  },
});

/** The form of a provider in a workspace. */
export async function openForm(page: Page, workspace: string, provider: string): Promise<Locator> {
  await page.goto(`/w/${workspace}/providers`);
  await page.getByRole("radiogroup", { name: "Provider" }).getByRole("radio", { name: provider }).check();
  const form = page.getByRole("form", { name: new RegExp(`^Connect.* ${provider}$`) });
  await expect(form).toBeVisible();
  return form;
}

/** The field with exactly this label, "(optional)" aside. */
export function field(form: Locator, label: string): Locator {
  const exactly = new RegExp(`^${label}( \\(optional\\))?$`);
  return form.getByLabel(exactly);
}

export async function fill(form: Locator, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    await field(form, label).fill(value);
  }
}

export async function saveAndTest(form: Locator): Promise<void> {
  await form.getByRole("button", { name: "Save and test" }).click();
}

/** The checks of the newest report, in their order, as "Name result". */
export async function expectReport(page: Page, results: readonly RegExp[]): Promise<void> {
  const report = page.getByRole("region", { name: "Test report" });
  await expect(report.getByRole("list").getByRole("listitem")).toHaveText([...results]);
}

/** Every rung of the ladder, lowest first. */
const rungs = [
  "Configured",
  "Reachable",
  "Credentials",
  "Permissions",
  "Sender",
  "Standing",
  "Subscription",
  "Callback",
  "Round trip",
] as const;

type Rung = (typeof rungs)[number];

/**
 * The whole ladder with all rungs passed but the given ones. A gateway that is tested has no address that the internet reaches,
 * which the lowest rung says; what needs a message is not proven by a test.
 */
export function ladder(others: Partial<Record<Rung, string>> = {}): RegExp[] {
  const results: Partial<Record<Rung, string>> = {
    Configured: "Failed",
    "Round trip": "Not proven yet",
    ...others,
  };
  return rungs.map((rung) => new RegExp(`^${rung}\\s*${results[rung] ?? "Passed"}`));
}
