import type { Random } from "../../debuginfo/test-support/fuzz.js";

/** What somebody does to the course's hello.c between two builds. */
export interface Edit {
  readonly name: string;
  /** Whether it still compiles. */
  readonly builds: boolean;
  apply(source: string, random: Random): string;
}

const below = (limit: number, random: Random): number => Math.floor(random() * limit);

/** Replaces a text that must be there, once. */
function replaced(source: string, from: string, to: string): string {
  if (!source.includes(from)) throw new Error(`The course's source has no "${from}".`);
  return source.replace(from, () => to);
}

export const EDITS: readonly Edit[] = [
  {
    name: "another size",
    builds: true,
    apply: (source, random) =>
      source.replace(
        /(#define HELLO_MEMSIZ\s+)\d+/,
        (_, define) => define + (1 + below(65536, random)),
      ),
  },
  {
    name: "other names",
    builds: true,
    apply: (source, random) => source.replaceAll("hello_len", `length_${below(1e9, random)}`),
  },
  {
    name: "lines moved down",
    builds: true,
    apply: (source, random) => "\n".repeat(1 + below(100, random)) + source,
  },
  {
    name: "another message",
    builds: true,
    apply: (source, random) =>
      replaced(source, "unloaded\\n", `gone ${"! ".repeat(below(50, random))}\\n`),
  },
  {
    name: "one function more",
    builds: true,
    apply: (source, random) =>
      `${source}\nint hello_more(int n);\nint hello_more(int n) { return n % ${1 + below(1e6, random)}; }\n`,
  },
  {
    name: "another header",
    builds: true,
    apply: (source, random) => {
      const headers = ["delay", "kthread", "list", "netdevice", "pci", "timer", "usb", "xarray"];
      const header = headers[below(headers.length, random)];
      return replaced(
        source,
        "#include <linux/fs.h>",
        `#include <linux/fs.h>\n#include <linux/${header}.h>`,
      );
    },
  },
  {
    name: "the unlock left out",
    builds: true,
    apply: (source) => {
      const unlock = "\tspin_unlock(&hello_lock);\n";
      const at = source.lastIndexOf(unlock);
      return source.slice(0, at) + source.slice(at + unlock.length);
    },
  },
  {
    name: "a semicolon left out",
    builds: false,
    apply: (source) => replaced(source, "return ret;", "return ret"),
  },
  {
    name: "a symbol that nobody exports",
    builds: false,
    apply: (source) => replaced(source, "kfree(hello_mem);", "kfree_(hello_mem);"),
  },
];
