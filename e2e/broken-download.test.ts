/** Downloads that fail: what is wrong is said, and another try helps. */
import { builtFile } from "./support/built-file.js";
import { expect, test } from "./support/lab-test.js";
import type { Fault } from "./support/site-server.js";

const SNAPSHOT = "images/i686/snapshot.bin";
const COURSE = "images/i686/course.tar.gz.bin";
const MANIFEST = "images/manifest.json";
const ENGINE = await builtFile(/^v86-.*\.wasm$/);

const MISSING: Fault = { kind: "missing" };

interface Case {
  readonly what: string;
  readonly file: string;
  readonly fault: Fault;
  readonly says: RegExp;
  /** Which file it was, and what was wrong with it. */
  readonly details: RegExp;
}

const CASES: readonly Case[] = [
  {
    what: "a snapshot that is not there",
    file: SNAPSHOT,
    fault: MISSING,
    says: /download failed|not on the server/,
    details: /snapshot\.bin.*404/,
  },
  {
    what: "a snapshot that breaks off in the middle",
    file: SNAPSHOT,
    fault: { kind: "cut", afterBytes: 2_000_000 },
    says: /download failed/,
    details: /snapshot\.bin.*connection broke/,
  },
  {
    what: "a snapshot with a flipped bit",
    file: SNAPSHOT,
    fault: { kind: "flipped", at: 3_000_000 },
    says: /damaged/,
    details: /snapshot\.bin/,
  },
  {
    what: "course files with a flipped bit",
    file: COURSE,
    fault: { kind: "flipped", at: 1000 },
    says: /damaged/,
    details: /course\.tar\.gz/,
  },
  {
    what: "a manifest that is not there",
    file: MANIFEST,
    fault: MISSING,
    says: /download failed|not on the server/,
    details: /manifest\.json.*404/,
  },
  {
    what: "a manifest that breaks off",
    file: MANIFEST,
    fault: { kind: "cut", afterBytes: 1000 },
    says: /download failed/,
    details: /manifest\.json/,
  },
  {
    what: "an emulator that is not there",
    file: ENGINE,
    fault: MISSING,
    says: /download failed|not on the server/,
    details: /v86.*404/,
  },
  {
    what: "an emulator that breaks off in the middle",
    file: ENGINE,
    fault: { kind: "cut", afterBytes: 500_000 },
    says: /download failed/,
    details: /v86/,
  },
];

for (const { what, file, fault, says, details } of CASES) {
  test(`${what}: says so, and starts at the next try`, async ({
    lab,
    page,
    site,
    expectedErrors,
  }) => {
    // What the browser itself says of such a download.
    expectedErrors.push(/^error: Failed to load resource/);
    site.breakFile(file, fault);
    await page.goto(site.address);
    await expect(lab.banner).toContainText(says, { timeout: 30_000 });
    await expect(lab.banner).toContainText(details);

    // As long as it is broken, another try says the same.
    await lab.banner.getByRole("button", { name: "Try again" }).click();
    await expect(lab.banner).toBeHidden();
    await expect(lab.banner).toContainText(says, { timeout: 30_000 });

    site.mend();
    await lab.banner.getByRole("button", { name: "Try again" }).click();
    await lab.isReady();
    await expect(lab.banner).toBeHidden();
    await lab.run("uname -m", /^i686$/);
  });
}

test("a slow download shows how far it is", async ({ lab, page, site }) => {
  site.breakFile(SNAPSHOT, { kind: "slow", bytesPerSecond: 3_000_000 });
  await page.goto(site.address);
  const bar = page.getByRole("progressbar", { name: "Download" });
  await expect(bar).toBeVisible();
  await expect(lab.terminal).toContainText(/\d MB of \d+\.\d MB/);
  const values = [];
  for (let share = 0.1; share < 0.9; share += 0.2) {
    await expect.poll(() => progressOf(bar), { intervals: [20] }).toBeGreaterThan(share);
    values.push(await progressOf(bar));
  }
  expect(values).toEqual([...values].sort((a, b) => a - b));
  await lab.isReady();
});

function progressOf(bar: import("@playwright/test").Locator): Promise<number> {
  return bar.evaluate((element) => (element as HTMLProgressElement).position);
}
