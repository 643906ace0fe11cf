/** Against patch(1), on the course's own sources and patches. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyDiff, parseDiff, reversed } from "./unified-diff.js";

const COURSE = new URL("../../../kernel-src/course/", import.meta.url);
const SOURCE = read("hello-fops.c");
const HAS_PATCH = spawnSync("patch", ["--version"]).status === 0;
const MORE = `/* one line more */\n${SOURCE}`;

// The list of tests says that some are skipped, but not why.
if (!HAS_PATCH) console.warn("There is no patch(1) here to compare with: `apt-get install patch`.");

function read(name: string): string {
  return readFileSync(new URL(name, COURSE), "utf8");
}

function byPatch(text: string, patch: string, ...options: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "kspace-patch-"));
  try {
    writeFileSync(join(folder, "hello.c"), text);
    execFileSync("patch", ["-s", "-p1", ...options], { cwd: folder, input: patch });
    return readFileSync(join(folder, "hello.c"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(["missing-unlock.patch", "missing-kmalloc.patch"])("%s", (name) => {
  const patch = read(name);
  const diff = parseDiff(patch);
  if (diff === undefined) throw new Error(`${name} is no patch.`);

  it("names its file", () => {
    expect(diff.path).toBe("hello.c");
  });

  it.skipIf(!HAS_PATCH).each([
    ["as it is", SOURCE],
    ["moved by a line", MORE],
  ])("makes of a source %s what patch(1) makes of it, and back", (_, source) => {
    const made = applyDiff(source, diff);
    expect(made).toBe(byPatch(source, patch));
    expect(applyDiff(made ?? "", reversed(diff))).toBe(source);
    expect(byPatch(made ?? "", patch, "--reverse")).toBe(source);
  });

  it("does not apply twice, nor to another text", () => {
    expect(applyDiff(applyDiff(SOURCE, diff) ?? "", diff)).toBeUndefined();
    expect(applyDiff("int main(void) { return 0; }\n", diff)).toBeUndefined();
    expect(applyDiff("", diff)).toBeUndefined();
  });
});

it("takes the changes of several hunks at their places", () => {
  const before = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const after = before.flatMap((line, index) =>
    index === 3 ? [] : index === 20 ? [line, "one", "two"] : [line],
  );
  const patch = [
    "--- a/numbers",
    "+++ b/numbers\t2026-01-01",
    "@@ -3,3 +3,2 @@ line 1",
    " line 2",
    "-line 3",
    " line 4",
    "@@ -21,2 +20,4 @@",
    " line 20",
    "+one",
    "+two",
    " line 21",
    "",
  ].join("\n");
  const diff = parseDiff(patch);
  if (diff === undefined) throw new Error("It is a patch.");
  expect(applyDiff(before.join("\n"), diff)).toBe(after.join("\n"));
  expect(applyDiff(after.join("\n"), reversed(diff))).toBe(before.join("\n"));
});

it("is nothing without a file's name", () => {
  expect(parseDiff("")).toBeUndefined();
  expect(parseDiff("@@ -1 +1 @@\n-a\n+b\n")).toBeUndefined();
});
