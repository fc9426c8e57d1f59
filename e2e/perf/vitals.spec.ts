// How soon and how steadily a page stands, on a phone with a slow processor.

import type { Page } from "@playwright/test";
import { Owner } from "../support/owner.ts";
import { expect, newcomer, test } from "../support/test.ts";

const budget = { lcp: 2500, cls: 0.1, fonts: 50_000 };

interface Vitals {
  lcp: number;
  cls: number;
  fonts: number;
}

for (const it of [newcomer, test]) {
  it.use({ viewport: { width: 412, height: 915 } });
}

/** Loads an address with everything cold, waits until `settled` holds, and gives the figures. */
async function visit(page: Page, address: string, settled: () => Promise<void>): Promise<Vitals> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.goto(address);
  await settled();
  return page.evaluate(async () => {
    await document.fonts.ready;
    /** What the browser has noted of a kind since the page began. */
    const noted = (type: string) =>
      new Promise<PerformanceEntry[]>((found) => {
        const observer = new PerformanceObserver((list) => {
          observer.disconnect();
          found(list.getEntries());
        });
        observer.observe({ type, buffered: true });
        // Without a single entry the observer is never called.
        requestAnimationFrame(() => requestAnimationFrame(() => found([])));
      });
    const number = (entry: PerformanceEntry, name: string): number => Number(Reflect.get(entry, name) ?? 0);
    const paints = await noted("largest-contentful-paint");
    const shifts = (await noted("layout-shift")).filter((shift) => !Reflect.get(shift, "hadRecentInput"));
    const loaded = performance.getEntriesByType("resource").filter((entry) => /\.woff2?$/.test(entry.name));
    return {
      lcp: paints.at(-1)?.startTime ?? Number.POSITIVE_INFINITY,
      cls: shifts.reduce((total, shift) => total + number(shift, "value"), 0),
      fonts: loaded.reduce((total, font) => total + number(font, "encodedBodySize"), 0),
    };
  });
}

function expectWithin({ lcp, cls, fonts }: Vitals): void {
  expect.soft(lcp, "largest contentful paint, in ms").toBeLessThanOrEqual(budget.lcp);
  expect.soft(cls, "cumulative layout shift").toBeLessThanOrEqual(budget.cls);
  expect.soft(fonts, "fonts, in bytes").toBeLessThanOrEqual(budget.fonts);
}

newcomer("sign-in stands soon and stays where it is", async ({ gateway, page }) => {
  await Owner.of(gateway);
  expectWithin(
    await visit(page, "/sign-in", async () => {
      await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
    }),
  );
});

for (const [path, title, filled] of [
  ["overview", "Overview", "Phone"],
  ["messages", "Messages", "Messages"],
  ["providers", "Providers", "Comparison"],
] as const) {
  test(`${path} stands soon and stays where it is`, async ({ owner, page }) => {
    const program = await owner.program();
    await program.sendMany(Array.from({ length: 50 }, (_, n) => ({ body: `Your parcel ${n} is on its way` })));
    const role = path === "overview" ? "region" : "table";
    expectWithin(
      await visit(page, `/w/${owner.workspace("sandbox")}/${path}`, async () => {
        await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
        await expect(page.getByRole(role, { name: filled })).toBeVisible();
      }),
    );
  });
}
