import { fileURLToPath } from "node:url";
import { type BrowserContext, test as base, expect } from "@playwright/test";
import { BrokenModules } from "./broken-modules.js";
import { LabPage } from "./lab-page.js";
import { SiteServer } from "./site-server.js";

/** What is tested: the built page, or the one in the folder that KSPACE_SITE names. */
export const SITE =
  process.env.KSPACE_SITE ?? fileURLToPath(new URL("../../dist/web", import.meta.url));

interface LabFixtures {
  /** Messages in the browser's console that a test expects. Any other lets it fail. */
  readonly expectedErrors: RegExp[];
  readonly lab: LabPage;
}

interface LabWorkerFixtures {
  readonly brokenModules: BrokenModules;
  readonly site: SiteServer;
}

export const test = base.extend<
  LabFixtures & { readonly quietConsole: undefined },
  LabWorkerFixtures
>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from it.
    async ({}, use) => {
      await using site = await SiteServer.open(SITE);
      await use(site);
    },
    { scope: "worker" },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  brokenModules: [async ({}, use) => use(new BrokenModules()), { scope: "worker" }],

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  expectedErrors: async ({}, use) => use([]),

  quietConsole: [
    async ({ context, site, expectedErrors }, use) => {
      const problems = watchConsole(context);
      await use(undefined);
      site.mend();
      const unexpected = problems.filter(
        (problem) => !expectedErrors.some((expected) => expected.test(problem)),
      );
      expect(unexpected, "errors and warnings in the browser's console").toEqual([]);
    },
    { auto: true },
  ],

  lab: async ({ page }, use, testInfo) => {
    const lab = new LabPage(page);
    await use(lab);
    if (testInfo.status !== testInfo.expectedStatus && !page.isClosed()) {
      await testInfo.attach("terminal", { body: await lab.terminalText() });
    }
  },
});

/** Of all pages and workers of a context. */
function watchConsole(context: BrowserContext): string[] {
  const problems: string[] = [];
  context.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const { url, lineNumber } = message.location();
    problems.push(`${message.type()}: ${message.text()} (${url}:${lineNumber})`);
  });
  context.on("weberror", (event) => {
    const error = event.error();
    problems.push(`uncaught: ${error.stack ?? error.message}`);
  });
  return problems;
}

export { expect };
