import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type DebugFile, openDebugFile } from "./debug-file.js";
import type { CodePlace } from "./debug-info.js";
import { DwarfError } from "./dwarf/dwarf-error.js";
import { displayedAddress } from "./list/section-layout.js";
import { formatListing, listAt, listPlace } from "./list.js";
import { rebuildElf } from "./test-support/elf-builder.js";
import { courseModules, missingTool, runTool } from "./test-support/tools.js";

const modules = await courseModules();

function moduleNamed(name: string): Uint8Array {
  const bytes = modules.get(name);
  if (bytes === undefined) throw new Error(`The images have no ${name}.`);
  return bytes;
}

describe("listAt", () => {
  const hello = openDebugFile(moduleNamed("4-debugging/hello.ko"));
  const numbered = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`).join("\n");

  it("lists ten lines around the position, and asks for the source by its full path", async () => {
    const asked: string[] = [];
    const listing = await listAt(hello, "hello_exit", 3, (path) => {
      asked.push(path);
      return Array.from({ length: 200 }, (_, index) => `\t${index + 1};`).join("\n");
    });
    expect(asked).toEqual(["/home/student/4-debugging/hello.c"]);
    // As gdb 13.1 printed for the same module: it names the function as the source does.
    const [head, ...lines] = formatListing(listing).split("\n");
    expect(head).toBe("0x15a is in hello_exit (/home/student/4-debugging/hello.c:130).");
    expect(lines[0]).toBe("125\t\t125;");
    expect(lines).toHaveLength(10);
  });

  it("begins with the first line of a file, and ends with the last", async () => {
    const place = hello.resolve("hello_read", 0);
    expect(place).toBeDefined();
    const listing = await listPlace(hello, place ?? { section: 0, offset: 0 }, () =>
      Array.from({ length: 57 }, () => "x").join("\n"),
    );
    expect(formatListing(listing).split("\n").slice(1)).toEqual(
      Array.from({ length: 8 }, (_, index) => `${50 + index}\tx`),
    );
  });

  it("says which file is missing", async () => {
    const listing = await listAt(hello, "hello_exit", 3, () => undefined);
    expect(formatListing(listing).split("\n")[1]).toBe(
      "125\t/home/student/4-debugging/hello.c: No such file or directory.",
    );
  });

  it("says how long a file is that ends before the position", async () => {
    const listing = await listAt(hello, "hello_exit", 3, () => numbered);
    expect(formatListing(listing).split("\n")[1]).toBe(
      "Line number 125 out of range; /home/student/4-debugging/hello.c has 100 lines.",
    );
  });

  it("knows a function by the linker's name and by the source's", async () => {
    const byLinker = await listAt(hello, "init_module", 3, () => undefined);
    const bySource = await listAt(hello, "hello_init", 3, () => undefined);
    expect(byLinker).toEqual(bySource);
    expect(byLinker).toMatchObject({ outcome: "listed", function: "hello_init" });
  });

  it("says so when there is no such symbol, or no line", async () => {
    const noSymbol = await listAt(hello, "nosuch", 4, () => undefined);
    expect(formatListing(noSymbol)).toBe('No symbol "nosuch" in current context.');
    expect(await listAt(hello, "hello_write", 0x9999, () => undefined)).toMatchObject({
      outcome: "no-source",
    });
  });

  it("refuses a stripped file", async () => {
    const stripped = rebuildElf(moduleNamed("panic_now.ko"), (plan) =>
      plan.name.startsWith(".debug_") ? { ...plan, name: ".gone" } : plan,
    );
    const file = openDebugFile(stripped);
    await expect(listAt(file, "init_module", 0, () => undefined)).rejects.toThrow(DwarfError);
  });

  it("shows control characters as gdb does", () => {
    const text = formatListing({
      outcome: "listed",
      address: 0n,
      function: "f",
      file: "f.c",
      path: "f.c",
      line: 1,
      firstLine: 1,
      lines: [{ number: 1, text: "a\tb\x1bc\x7f\r" }],
      sourceLength: 1,
    });
    expect(text).toBe("0x0 is in f (f.c:1).\n1\ta\tb^[c^?");
  });
});

const missing = missingTool("gdb", "gdb");

describe.skipIf(missing)(`As gdb${missing ? ` (skipped: ${missing})` : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "kspace-list-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("lists what gdb lists, for every byte of code of every module", async () => {
    const sources = new InventedSources(join(folder, "sources"));
    for (const [name, bytes] of modules) {
      const path = join(folder, "module.ko");
      writeFileSync(path, bytes);
      const file = openDebugFile(bytes);
      const places = everyByte(file);
      const ours: string[] = [];
      for (const place of places) {
        const listing = await listPlace(file, place, (source) => sources.read(source));
        ours.push(listing.outcome === "no-source" ? "" : formatListing(listing));
      }
      expect(ours.filter((text) => text !== "").length, name).toBeGreaterThan(0);
      expect(ours, name).toEqual(askGdb(path, file, places, sources.folder));
    }
  });
});

/** Source files, made up as they are asked for; some are too short. */
class InventedSources {
  readonly folder: string;
  readonly #made = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  read(path: string): string {
    let text = this.#made.get(path);
    if (text === undefined) {
      const length = 60 + ((path.length * 37) % 300);
      text = Array.from({ length }, (_, index) => `${path}\tat ${index + 1}\n`).join("");
      this.#made.set(path, text);
      mkdirSync(dirname(this.folder + path), { recursive: true });
      writeFileSync(this.folder + path, text);
    }
    return text;
  }
}

function everyByte({ space }: DebugFile): CodePlace[] {
  return space.code.flatMap(({ section, start, end }) =>
    Array.from({ length: end - start }, (_, offset) => ({ section, offset })),
  );
}

/** One run of gdb for all places: it may print an error and go on only inside of its Python. */
function askGdb(
  path: string,
  file: DebugFile,
  places: readonly CodePlace[],
  sources: string,
): string[] {
  const commands = places.map((place) => {
    const address = `0x${displayedAddress(file.elf, place).toString(16)}`;
    return [
      "echo @@@\\n",
      "python",
      `try: gdb.execute("list *${address}")`,
      "except gdb.error as e: print(e)",
      "end",
    ].join("\n");
  });
  const prefixes = ["/usr", "/home"].map(
    (prefix) => `set substitute-path ${prefix} ${sources}${prefix}`,
  );
  const script = join(dirname(path), "commands");
  writeFileSync(script, [...prefixes, ...commands, ""].join("\n"));
  const output = runTool("gdb", ["-nx", "-batch", "-x", script, path]);
  return output
    .split("@@@\n")
    .slice(1)
    .map((text) => text.replace(/\n$/, ""));
}
