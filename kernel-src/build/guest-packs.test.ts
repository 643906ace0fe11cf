import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { guestPacks, packArchive, packsFolder } from "./guest-packs.js";
import { rootFileSystem } from "./root-file-system.js";
import { pathInKernel } from "./stages/kernel-source.js";

function filesOf(archive: string): string[] {
  const path = fileURLToPath(new URL(`../../images/${archive}`, import.meta.url));
  return execFileSync("tar", ["-tzf", path], { encoding: "utf8" }).trimEnd().split("\n");
}

test.each(guestPacks)("every link to the pack $name leads to a file or folder of it", (pack) => {
  const files = filesOf(packArchive(pack));
  for (const target of Object.values(pack.links)) {
    const found = files.some((path) => path === target || path.startsWith(target && `${target}/`));
    expect(found, target).toBe(true);
  }
});

test("the guest's own file system has the links", async () => {
  const program = new Uint8Array();
  const entries = await rootFileSystem({
    release: "6.1.0",
    busybox: program,
    applets: ["/bin/sh"],
    init: program,
    sudo: program,
    agent: program,
    overlay: fileURLToPath(new URL("../rootfs", import.meta.url)),
  });
  const targets = new Map(
    entries.map((entry) => [entry.path, entry.kind === "symlink" ? entry.target : entry.kind]),
  );
  expect(targets.get("usr/bin/gdb")).toBe(`${packsFolder}/gdb/usr/bin/gdb`);
  expect(targets.get("usr/src/linux-source-6.1")).toBe(`${packsFolder}/linux-source`);
  // Where init puts the packs, and what the links are in.
  for (const folder of ["opt", "etc", "lib", "usr/bin", "usr/lib", "usr/src"]) {
    expect(targets.get(folder), folder).toBe("directory");
  }
});

test.each([
  ["/usr/src/linux-source-6.1/./include/linux/uaccess.h", ["include/linux/uaccess.h"]],
  ["/usr/src/linux-source-6.1/kernel/sched/../../mm/slab.h", ["mm/slab.h"]],
  ["/home/student/2-fops/hello.c", []],
  ["/usr/src/linux-source-6.1/../other.c", []],
  ["", []],
])("a listing's line %j names %j in the kernel's tree", (line, paths) => {
  expect(pathInKernel(line)).toEqual(paths);
});
