/** What the test command does where there is no browser, with a package manager of the test's. */
import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";

const PROGRAM = fileURLToPath(new URL("ensure-browsers.ts", import.meta.url));
/** Compiles what it runs, as `npx tsx` does. */
const TSX = createRequire(import.meta.url).resolve("tsx");

/** An installed program is one that can be run, whatever it does. */
const INSTALLS = 'echo > "$BIN/$name"; /bin/chmod +x "$BIN/$name"';

let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kspace-browsers-"));
  await mkdir(join(folder, "bin"));
});

test.afterEach(() => rm(folder, { recursive: true }));

test("installs what is missing, and is content with it", async () => {
  await putAptGet(INSTALLS);
  const { status, output } = ensure();
  expect(output).toContain("Installing chromium for the tests of the page");
  expect(output).toContain("Installing firefox-esr for the tests of the page");
  expect(status).toBe(0);
  expect(await calls()).toEqual([
    "--version",
    "update",
    "install --yes --no-install-recommends chromium",
    "--version",
    "update",
    "install --yes --no-install-recommends firefox-esr",
  ]);

  // Now they are there.
  const again = ensure();
  expect(again).toEqual({ status: 0, output: "" });
});

test("says how to get Chromium when that fails", async () => {
  await putAptGet("echo 'E: no network' >&2; exit 100");
  const { status, output } = ensure();
  expect(output).toContain("E: no network");
  expect(output).toContain("`apt-get install chromium` failed.");
  expect(output).toMatch(/npx playwright install --with-deps chromium.*CHROMIUM_PATH/s);
  expect(status).toBe(1);
});

test("says so when there is no package manager", () => {
  const { status, output } = ensure();
  expect(output).not.toContain("Installing");
  expect(output).toContain("there is none here. Install it");
  expect(status).toBe(1);
});

test("goes on without Firefox, and says what is not tested", async () => {
  await putProgram("chromium", "");
  const { status, output } = ensure();
  expect(output).toContain("The page is not tested in Firefox");
  expect(status).toBe(0);
});

test("takes the programs that are named, and complains of a name that is none", async () => {
  await putProgram("mine", "");
  const mine = join(folder, "bin", "mine");
  expect(ensure({ CHROMIUM_PATH: mine, FIREFOX_PATH: mine })).toEqual({ status: 0, output: "" });
  const { status, output } = ensure({ CHROMIUM_PATH: join(folder, "gone") });
  expect(output).toContain("there is no program at that path");
  expect(status).toBe(1);
});

/** Runs it where nothing is installed but what the test has put there. */
function ensure(variables: NodeJS.ProcessEnv = {}): { status: number | null; output: string } {
  const { status, stderr } = spawnSync(process.execPath, ["--import", TSX, PROGRAM], {
    encoding: "utf8",
    env: {
      PATH: join(folder, "bin"),
      PLAYWRIGHT_BROWSERS_PATH: join(folder, "browsers"),
      CALLS: join(folder, "calls"),
      BIN: join(folder, "bin"),
      TMPDIR: folder,
      ...variables,
    },
  });
  return { status, output: stderr };
}

/** @param install what it does to install the package that `$name` names */
async function putAptGet(install: string): Promise<void> {
  const lastArgument = "for name; do :; done";
  await putProgram(
    "apt-get",
    `echo "$*" >> "$CALLS"\nif [ "$1" = install ]; then ${lastArgument}; ${install}; fi`,
  );
  // For a user who is not root, what `sudo -n VARIABLE=value program …` does.
  await putProgram("sudo", 'shift 2; exec "$@"');
}

async function putProgram(name: string, script: string): Promise<void> {
  const path = join(folder, "bin", name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

async function calls(): Promise<string[]> {
  return (await readFile(join(folder, "calls"), "utf8")).trimEnd().split("\n");
}
