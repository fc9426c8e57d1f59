import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

// Workers load this file, too; they inherit what the first one found.
process.env["DUPLEX_CHROMIUM"] = execFileSync(fileURLToPath(new URL("../.ci/chromium", import.meta.url)), {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
}).trim();

export default defineConfig({
  outputDir: "results",
  fullyParallel: true,
  projects: [
    { name: "journeys", testIgnore: "perf/**" },
    // Times mean something only when nothing else runs: `--workers=1`, after everything else.
    { name: "perf", testMatch: "perf/**" },
  ],
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  reporter: "list",
  expect: { timeout: 15_000 },
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    // A colour half-way between two is no fault of either.
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "off",
    launchOptions: {
      executablePath: process.env["DUPLEX_CHROMIUM"],
      args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        // Without these Chromium calls its makers.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
