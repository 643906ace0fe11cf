import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, describe, expect, it } from "vitest";
import type { SourceFile } from "../folder-sources.js";
import { zipFolder } from "./folder-zip.js";

const MODULE = 'static int x;\nmodule_init(f);\n  MODULE_LICENSE ("GPL");\n';
const PROGRAM = "#include <stdio.h>\n\nint main(void)\n{\n\treturn 0;\n}\n";
const NOW = new Date(2024, 4, 6, 7, 8, 10);

const temporary = mkdtempSync(join(tmpdir(), "kspace-zip-"));
afterAll(() => rmSync(temporary, { recursive: true }));

function has(program: string): boolean {
  return spawnSync(program, ["--help"]).error === undefined;
}

function sources(texts: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
}

function zip(texts: Readonly<Record<string, string>>, name = "ring"): Promise<Uint8Array> {
  const folder = { name, files: sources(texts), kernelRelease: "6.1.0-lab", now: NOW };
  return zipFolder(folder, async () => undefined);
}

/** Texts by path, as fflate reads them. */
function texts(archive: Uint8Array): Record<string, string> {
  const entries = Object.entries(unzipSync(archive));
  return Object.fromEntries(entries.map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
}

function run(program: string, args: readonly string[], cwd: string): string {
  const env = { ...process.env, MAKEFLAGS: "", MAKELEVEL: "" };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

describe("what is in it", () => {
  it("is the sources below one folder, with a Makefile and a README.txt", async () => {
    const files = texts(await zip({ "ring.c": MODULE, "include/größe.h": "", __proto__x: "y" }));
    expect(Object.keys(files).sort()).toEqual([
      "ring/Makefile",
      "ring/README.txt",
      "ring/__proto__x",
      "ring/include/größe.h",
      "ring/ring.c",
    ]);
    expect(files["ring/ring.c"]).toBe(MODULE);
    expect(files["ring/include/größe.h"]).toBe("");
    expect(files["ring/README.txt"]).toContain("sudo insmod ./ring.ko");
    expect(files["ring/README.txt"]).toContain("6.1.0-lab");
  });

  it("leaves a Makefile and a README.txt alone that are there", async () => {
    const own = { "hello.c": MODULE, "test.c": PROGRAM, Makefile: "obj-m := hello.o\n" };
    const files = texts(await zip(own));
    expect(files["ring/Makefile"]).toBe("obj-m := hello.o\n");
    expect(files["ring/README.txt"]).toContain("gcc -Wall -o test test.c");
    expect(texts(await zip({ "README.txt": "mine" }))["ring/README.txt"]).toBe("mine");
  });

  it("has no line that is wider than a terminal", async () => {
    const files = texts(await zip({ "ring.c": MODULE, "test.c": PROGRAM }));
    const long = [
      ...(files["ring/README.txt"] ?? "").split("\n"),
      ...(files["ring/Makefile"] ?? "").split("\n"),
    ];
    expect(long.filter((line) => line.length > 80)).toEqual([]);
  });

  it("lets the page breathe while it is packed", async () => {
    let pauses = 0;
    const files = [{ path: "a.c", bytes: new Uint8Array(1_000_000) }];
    await zipFolder({ name: "n", files, kernelRelease: undefined, now: NOW }, async () => {
      pauses++;
    });
    expect(pauses).toBeGreaterThan(30);
  });
});

const NO_UNZIP = has("unzip") ? undefined : "skipped: it is not installed";
const NO_MAKE = has("make") ? undefined : "skipped: it is not installed";

describe.skipIf(NO_UNZIP)(`unzip ${NO_UNZIP ?? ""}`, () => {
  it("finds it whole, with plain files of the time that it was made", async () => {
    const archive = join(temporary, "whole.zip");
    const random = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * at * 31) >> 7));
    writeFileSync(
      archive,
      await zip({ "ring.c": MODULE, "größe.h": "", big: random.toString("latin1") }),
    );
    expect(run("unzip", ["-tq", archive], temporary)).toContain("No errors detected");
    run("unzip", ["-q", archive, "-d", "whole"], temporary);
    const { mode, mtime } = statSync(join(temporary, "whole/ring/ring.c"));
    expect(mode & 0o7777 & ~0o022).toBe(0o644);
    expect(mtime).toEqual(NOW);
    expect(readFileSync(join(temporary, "whole/ring/größe.h"), "utf8")).toBe("");
    expect(readFileSync(join(temporary, "whole/ring/big"), "latin1")).toBe(
      Buffer.from(random.toString("latin1")).toString("latin1"),
    );
  });
});

describe.skipIf(NO_MAKE)(`GNU make ${NO_MAKE ?? ""}`, () => {
  /** Unpacks, and makes a tree that reads the folder's Makefile as kbuild does. */
  function unpack(archive: Uint8Array, name: string): { folder: string; tree: string } {
    const root = join(temporary, name);
    for (const [path, bytes] of Object.entries(unzipSync(archive))) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), bytes);
    }
    const tree = join(root, "linux");
    mkdirSync(tree, { recursive: true });
    const again = "\t@$(MAKE) --no-print-directory -f Makefile.build obj=$(M)";
    writeFileSync(join(tree, "Makefile"), `modules:\n${again}\nclean:\n${again} clean=1\n`);
    writeFileSync(
      join(tree, "Makefile.build"),
      "__build:\n\ninclude $(obj)/Makefile\n\n" +
        "__build:\n\t@echo in $(obj)$(if $(clean), clean,): $(obj-m) with $(ccflags-y)\n",
    );
    return { folder: join(root, "ring"), tree };
  }

  it("builds each module and each program by the Makefile that was made", async () => {
    const modules = { "a-b.c": MODULE, "ring.c": MODULE, "x y.c": MODULE };
    const { folder, tree } = unpack(await zip({ ...modules, "test.c": PROGRAM }), "made");
    expect(run("make", ["-n", `KDIR=${tree}`], folder)).toContain("cc -Wall -g -o test test.c");
    // The program is there: nothing compiles it.
    writeFileSync(join(folder, "test"), "");
    const said = run("make", [`KDIR=${tree}`], folder);
    expect(said).toContain(`in ${folder}: a-b.o ring.o with -g`);
    expect(run("make", ["-n", "clean", `KDIR=${tree}`], folder)).toContain("rm -f test");
  });

  it("builds programs alone, with no kernel about", async () => {
    const { folder } = unpack(await zip({ "test.c": PROGRAM, "notes.txt": "" }), "programs");
    expect(run("make", ["-n"], folder)).toBe("cc -Wall -g -o test test.c\n");
  });

  it("has nothing to do where there is nothing to build", async () => {
    const { folder } = unpack(await zip({ "notes.txt": "" }), "nothing");
    expect(run("make", [], folder)).toContain("Nothing to be done");
  });

  it("builds the course's folder by its own Makefile", async () => {
    const own = readFileSync(
      new URL("../../../../kernel-src/course/Makefile", import.meta.url),
      "utf8",
    );
    const { folder, tree } = unpack(await zip({ "hello.c": MODULE, Makefile: own }), "course");
    run("make", ["-n", `KDIR=${tree}`], folder);
    expect(run("make", [`KDIR=${tree}`], folder)).toContain(`in ${folder}: hello.o with -g`);
  });
});
