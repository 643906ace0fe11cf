import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

function courseFile(name: string): string[] {
  return readFileSync(new URL(`../../course/${name}`, import.meta.url), "utf8").split("\n");
}

const driver = courseFile("hello-fops.c");

/** The lines that a patch takes away and puts in, and where. */
function edit(patch: readonly string[]) {
  const start = patch.findIndex((line) => line.startsWith("@@"));
  const first = Number(/^@@ -(\d+)/.exec(patch[start] ?? "")?.[1]);
  const body = patch.slice(start + 1).filter((line) => /^[-+ ]/.test(line));
  const lines = (sign: string): string[] =>
    body.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
  const old = body.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
  return { first, old, removed: lines("-"), added: lines("+") };
}

/** The function of hello-fops.c around a line. */
function functionAround(line: number): string {
  const heads = driver.slice(0, line).filter((text) => /^static .*\w+\(.*\)$/.test(text));
  return /(\w+)\(/.exec(heads.at(-1) ?? "")?.[1] ?? "";
}

test.each([
  ["missing-unlock.patch", "hello_write", ["\tspin_unlock(&hello_lock);"], []],
  [
    "missing-kmalloc.patch",
    "hello_init",
    [
      "\thello_mem = kmalloc(HELLO_MEMSIZ, GFP_KERNEL);",
      "\tif (!hello_mem)",
      "\t\treturn -ENOMEM;",
    ],
    [
      "\t// hello_mem = kmalloc(HELLO_MEMSIZ, GFP_KERNEL);",
      "\t// if (!hello_mem)",
      "\t// \treturn -ENOMEM;",
    ],
  ],
])("%s is the course's edit of %s, and no more", (name, where, removed, added) => {
  const change = edit(courseFile(name));
  expect(change.removed).toEqual(removed);
  expect(change.added).toEqual(added);
  expect(driver.slice(change.first - 1, change.first - 1 + change.old.length)).toEqual(change.old);
  expect(functionAround(change.first + change.old.indexOf(removed[0] ?? ""))).toBe(where);
});
