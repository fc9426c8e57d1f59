// Every page of a workspace, and how to tell that it stands.

import { expect, type Page } from "@playwright/test";
import type { Environment } from "../../frontend/src/api/schema.gen.ts";

export interface Screen {
  path: string;
  title: string;
  /** Shows data, so it can fail to. */
  loads: boolean;
  /** In one kind of workspace only. */
  only?: Environment;
}

export const screens: readonly Screen[] = [
  { path: "overview", title: "Overview", loads: true },
  { path: "messages", title: "Messages", loads: true },
  { path: "unknowns", title: "Unknown messages", loads: true },
  { path: "dead-letters", title: "Failed messages", loads: true },
  { path: "templates", title: "Templates", loads: true },
  { path: "templates/new", title: "New template", loads: false },
  { path: "suppressions", title: "Suppressions", loads: true },
  { path: "compose", title: "New message", loads: true },
  { path: "phone", title: "Virtual phone", loads: true, only: "sandbox" },
  { path: "providers", title: "Providers", loads: true },
  { path: "channels", title: "Channels", loads: true },
  { path: "delivery", title: "Delivery", loads: true },
  { path: "delivery?tab=readiness", title: "Delivery", loads: true },
  { path: "api-keys", title: "API keys", loads: true },
  { path: "webhook-endpoints", title: "Webhook endpoints", loads: true },
  { path: "event-log", title: "Event log", loads: true },
  { path: "event-log?tab=webhooks", title: "Event log", loads: true },
  { path: "error-codes", title: "Error codes", loads: true },
  { path: "guides/twilio", title: "Connecting through Twilio", loads: true },
  { path: "guides/direct", title: "Connecting straight to Meta", loads: true },
  { path: "guides/scaling", title: "How it scales", loads: false },
  { path: "settings", title: "Settings", loads: false },
];

/** Opens a page of a workspace and waits until nothing of it is loading. */
export async function open(
  page: Page,
  workspace: string,
  { path, title }: Pick<Screen, "path" | "title">,
): Promise<void> {
  await page.goto(`/w/${workspace}/${path}`);
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await settled(page);
}

export async function settled(page: Page): Promise<void> {
  await expect(page.getByText("Loading…")).toHaveCount(0);
}
