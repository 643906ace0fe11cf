import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CodeRelocations, relocationTarget } from "./code-relocations.js";
import { ElfError, parseElf } from "./elf.js";

const run = promisify(execFile);

let folder: string;
let module: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kspace-relocations-"));
  const archive = parseTar(gunzipSync(await readFile("images/i686/course.tar.gz")));
  module = archive.find(({ name }) => name.endsWith("/2-fops/hello.ko"))?.data ?? new Uint8Array();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const readelfMissing = await run("readelf", ["--version"]).then(
  () => undefined,
  () => "readelf is missing: install binutils",
);

describe.skipIf(readelfMissing !== undefined)(
  `against readelf${readelfMissing ? ` (${readelfMissing})` : ""}`,
  () => {
    it("finds the same relocations of code and data", async () => {
      const path = join(folder, "hello.ko");
      await writeFile(path, module);
      const { stdout } = await run("readelf", ["-rW", path]);
      const sections = parseElf(module).sections.map(({ name }) => name);
      const expected = new Map<string, string>();
      let section = "";
      for (const line of stdout.split("\n")) {
        section = /Relocation section '\.rel(.*?)'/.exec(line)?.[1] ?? section;
        const [, offset, symbol] =
          /^([0-9a-f]{8})\s+[0-9a-f]{8}\s+R_386_\w+\s+[0-9a-f]{8}\s+(\S+)/.exec(line) ?? [];
        if (offset === undefined || symbol === undefined || section.startsWith(".debug")) continue;
        expected.set(`${section} ${Number.parseInt(offset, 16)}`, symbol);
      }
      expect(expected.size).toBeGreaterThan(20);

      const found = [...new CodeRelocations(module).all()];
      const places = found.map(({ section: index, relocation }) => {
        return `${sections[index]} ${relocation.offset}`;
      });
      expect(places.sort()).toEqual([...expected.keys()].sort());
      const external = found.filter(({ relocation }) => relocation.symbol !== undefined);
      expect(external.length).toBeGreaterThan(5);
      for (const { section: index, relocation } of external) {
        expect(relocation.symbol).toBe(expected.get(`${sections[index]} ${relocation.offset}`));
      }
    });
  },
);

describe("a module's symbols", () => {
  it("names what a field refers to", () => {
    const relocations = new CodeRelocations(module);
    const write = relocations.functions.find(({ name }) => name === "hello_write");
    if (write === undefined) throw new Error("no hello_write");
    const { section, offset } = write.place;
    const fields = relocations.within(section, offset, offset + write.size);
    const targets = fields.map((field) => {
      const target = relocationTarget(field, field.offset + 4);
      return field.symbol ?? (target && relocations.nameAt(target));
    });
    expect(targets).toEqual(
      expect.arrayContaining(["hello_lock", "hello_mem", "_raw_spin_lock", "_copy_from_user"]),
    );
    expect(relocations.variables("hello_mem")).toEqual([
      expect.objectContaining({ name: "hello_mem", size: 4, local: true }),
    ]);
    expect(relocations.hasSymbol("misc_register")).toBe(true);
    expect(relocations.hasSymbol("no_such_symbol")).toBe(false);
  });

  it("gives a typed error for what is no module", () => {
    expect(() => new CodeRelocations(new Uint8Array(8))).toThrow(ElfError);
  });

  it("gives a typed error, or an answer, for damaged files", () => {
    let state = 5;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state;
    };
    for (let round = 0; round < 200; round++) {
      const damaged = module.slice(0, round % 3 === 0 ? next() % module.length : undefined);
      for (let hit = 0; hit < 20; hit++) {
        if (damaged.length > 0) damaged[next() % damaged.length] = next() & 0xff;
      }
      // The headers, and the section headers at the end, where a byte matters most.
      if (damaged.length > 64) damaged[next() % 52] = next() & 0xff;
      try {
        const relocations = new CodeRelocations(damaged);
        for (const fn of relocations.functions) relocations.code(fn);
      } catch (error) {
        expect(error).toBeInstanceOf(ElfError);
      }
    }
  });
});
