// The two forms by which people come in.

import { expect, type Page } from "@playwright/test";
import { credentials } from "./owner.ts";

/** Fills the form of setup; the button is left to the test. */
export async function fillSetup(page: Page, setupCode: string): Promise<void> {
  await page.getByLabel("Setup code").fill(setupCode);
  await page.getByLabel("Your name").fill("Owner");
  await page.getByLabel("Email", { exact: true }).fill(credentials.email);
  await page.getByLabel("Password", { exact: true }).fill(credentials.password);
}

/** Signs in at the page of that name. */
export async function signIn(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.getByLabel("Email", { exact: true }).fill(credentials.email);
  await page.getByLabel("Password", { exact: true }).fill(credentials.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
