/** The course's lines for gdb, typed at the guest's terminal, against a gdb of the host. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Images, Lab, nodeImageSource, type PackFetch } from "../node/index.js";
import { kernelSays, outputOf, shell } from "./test-support/guest.js";
import { GDB_PROMPT, SHELL_PROMPT, Typist } from "./test-support/typist.js";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const FOLDER = "/home/student/4-debugging";
const HOST_GDB = "/usr/bin/gdb";
const SOURCES = fileURLToPath(
  new URL("../../images/i686/packs/linux-source.tar.gz", import.meta.url),
);

/** What the shell says before its prompt when a program has died so. */
const SEGMENTATION_FAULT = /Segmentation fault\n.*\$ $/;

let lab: Lab;
let typist: Typist;
/** Where section 4's trace leads to: `hello_write+0x…`. */
let place: string;
const read: string[] = [];
const fetches: PackFetch[] = [];

beforeAll(async () => {
  const real = nodeImageSource();
  const readImage: typeof real.readImage = (path, signal) => {
    read.push(path);
    return real.readImage(path, signal);
  };
  lab = await Lab.boot(await Images.open({ ...real, readImage }));
  lab.packs.onFetch((fetch) => fetches.push(fetch));
  typist = new Typist(lab);
});

afterAll(async () => {
  typist[Symbol.dispose]();
  await lab.close();
});

/** Instructions that the guest executes meanwhile. */
async function instructionsOf(work: () => Promise<unknown>): Promise<number> {
  const before = lab.machine.sample().instructions;
  await work();
  return lab.machine.sample().instructions - before;
}

/** What the host's gdb says of the same module and the same sources. */
function hostGdb(command: string): string {
  const folder = mkdtempSync(join(tmpdir(), "kspace-gdb-"));
  try {
    const module = join(folder, "hello.ko");
    writeFileSync(module, lab.files.readFile("student/4-debugging/hello.ko"));
    execFileSync("tar", ["-xzf", SOURCES, "-C", folder]);
    const move = `set substitute-path /usr/src/linux-source-6.1 ${folder}`;
    const args = ["-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex", move];
    return execFileSync(HOST_GDB, [...args, "-ex", command, module], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("gdb at the guest's terminal", () => {
  let firstStart = 0;
  let listing = "";

  it("has not been fetched before somebody runs it", async () => {
    await shell(lab, "ls -l /opt/* /opt/gdb/usr/lib/* > /dev/null; test -x /usr/bin/gdb");
    expect(read.filter((path) => path.includes("packs/"))).toEqual([]);
    expect(fetches).toEqual([]);
  });

  it("is wanted for a trace", async () => {
    await typist.line("cd ~/4-debugging", SHELL_PROMPT);
    await typist.type("sudo insmod ./hello.ko; ./a.out\n", SEGMENTATION_FAULT);
    const { text } = await kernelSays(lab, /^ hello_write\+0x\w+\/0x\w+ \[hello\]$/, 5000);
    place = text.trim().split("/")[0] ?? "";
  });

  it("starts on the module, as the course shows it", async () => {
    firstStart = await instructionsOf(async () => {
      expect(await typist.line("gdb hello.ko --quiet", GDB_PROMPT)).toBe(
        "Reading symbols from hello.ko...\n",
      );
    });
    const ofGdb = fetches.filter(({ pack }) => pack === "gdb");
    expect(ofGdb.map(({ state }) => state)).toEqual(["fetching", "fetched"]);
  });

  it("lists the source around the frame of the trace", async () => {
    listing = await typist.line(`l *(${place})`, GDB_PROMPT);
    const [first = "", ...lines] = listing.trimEnd().split("\n");
    const [, line = ""] =
      /^0x\w+ is in hello_write \(\.\/include\/linux\/uaccess\.h:(\d+)\)\.$/.exec(first) ?? [];
    expect(lines).toHaveLength(10);
    expect(lines[5]).toBe(`${line}\t\t\tn = _copy_from_user(to, from, n);`);
    expect(listing).toContain("\tcopy_from_user(void *to, const void __user *from,");
  });

  it.skipIf(!existsSync(HOST_GDB))("says the very words of the host's gdb, if it has one", () => {
    expect(listing.trimEnd()).toBe(hostGdb(`l *(${place})`).trimEnd());
  });

  it("edits lines and keeps a history, on a terminal that never answers", async () => {
    const [left, backspace, up] = ["\x1b[D", "\x7f", "\x1b[A"];
    const sum = /\$1 = 42\n\(gdb\) $/;
    await typist.type(`prinx 6*7${left.repeat(4)}${backspace}t\n`, sum);
    await typist.type(`${up}\n`, /\$2 = 42\n\(gdb\) $/);
    expect(await typist.type("nonsense\x03", GDB_PROMPT)).toContain("Quit");
    await typist.type("info lin\t", /info line $/);
    expect(await typist.line("hello_write", GDB_PROMPT)).toContain(`"${FOLDER}/hello.c"`);
  });

  it("finds the user's own source", async () => {
    expect(await typist.line("list hello_write", GDB_PROMPT)).toContain("hello_write(");
  });

  it("ends, and starts again in less time, with nothing to fetch", async () => {
    await typist.type("quit\n", SHELL_PROMPT);
    const again = await instructionsOf(() => typist.line("gdb hello.ko --quiet", GDB_PROMPT));
    await typist.type("quit\n", SHELL_PROMPT);
    // Its pages have stayed: without that it is the first start over again.
    expect(again).toBeLessThan(firstStart * 0.9);
    expect(read.filter((path) => path.includes("packs/")).sort()).toEqual([
      "i686/packs/gdb.tar.gz",
      "i686/packs/linux-source.tar.gz",
    ]);
  });

  it("takes its commands from a pipe", async () => {
    const command = `echo 'l *(${place})' | gdb hello.ko --quiet`;
    const output = outputOf(await lab.sh(command, { cwd: FOLDER, user: "student" }));
    expect(output.replaceAll("(gdb) ", "")).toBe(`Reading symbols from hello.ko...\n${listing}`);
  });

  it("debugs a program of the guest", async () => {
    const commands = ["break main", "run", "next", "kill", "quit"].join("\n");
    const result = await lab.sh("gdb --quiet a.out", {
      cwd: FOLDER,
      user: "student",
      stdin: `${commands}\n`,
    });
    expect(outputOf(result)).toMatch(/Breakpoint 1, main \(\) at hello-test\.c:\d+/);
  });

  it("runs on after a rescue that goes back to where it ran", async () => {
    await typist.type("gdb hello.ko --quiet\n", GDB_PROMPT);
    await lab.restore(await lab.checkpoint());
    expect(await typist.line(`l *(${place})`, GDB_PROMPT)).toBe(listing);
    await typist.type("quit\n", SHELL_PROMPT);
    await lab.restore();
    expect(await typist.line(`l *(${place})`, GDB_PROMPT)).toBe(listing);
  });
});
