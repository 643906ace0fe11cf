import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { findChromium } from "./chromium/find-chromium.js";
import { resultsFolder } from "./support/results-folder.js";

const executablePath = findChromium();

export default defineConfig({
  testDir: fileURLToPath(new URL(".", import.meta.url)),
  testMatch: "**/*.test.ts",
  outputDir: resultsFolder(),
  reporter: [["list"]],
  forbidOnly: process.env.CI !== undefined,
  // A test that passes only the second time has found something: it fails the run, in CI as well.
  retries: 0,
  // Each lab takes a core, and its tests look at how fast it answers.
  workers: 2,
  // A busy machine with two cores; every wait inside has its own, shorter bound.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 15_000,
    // Snapshots of the document at each action would slow down what is looked at.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false, sources: false },
    screenshot: "only-on-failure",
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      ...(executablePath !== undefined && { executablePath }),
      args: [
        // Chromium refuses to run as root with its sandbox, as in most containers.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
