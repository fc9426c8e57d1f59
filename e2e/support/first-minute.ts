// What a newcomer does first, told once for both databases.

import { expect, type Page } from "@playwright/test";
import { fillSetup } from "./entrance.ts";
import type { Gateway } from "./gateway.ts";

const STATES = ["Queued", "Accepted", "Sent", "Delivered", "Read"];

/** The five states in their order, each with the time at which it was reached. */
export async function expectRead(page: Page): Promise<void> {
  const steps = page.getByRole("list", { name: "Progress" }).getByRole("listitem");
  await expect(steps).toHaveText(STATES.map((state) => new RegExp(state)));
  for (const state of STATES) {
    await expect(steps.filter({ hasText: state }).getByRole("time")).toBeVisible();
  }
}

/**
 * From the first look at the page to the customer's answer: three clicks. Gives the milliseconds that it took.
 */
export async function firstMinute(page: Page, gateway: Gateway): Promise<number> {
  const began = performance.now();
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Set up Duplex" })).toBeVisible();
  await fillSetup(page, gateway.setupCode);
  await page.getByRole("button", { name: "Create owner" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await expect(page.getByText("Sandbox: nothing leaves this server")).toBeVisible();
  await page.getByRole("button", { name: "Send test message" }).click();
  await expectRead(page);

  await page.getByLabel("Answer as the customer").fill("Is it here already?");
  await page.getByRole("button", { name: "Send answer" }).click();
  await expect(page.getByRole("region", { name: "Phone" }).getByText("Is it here already?")).toBeVisible();
  return performance.now() - began;
}
