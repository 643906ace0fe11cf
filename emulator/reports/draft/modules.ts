const MODULES = /^\s*Modules linked in:(.*)$/;
const MODULE = /^[\w-]{1,64}(?:\([A-Z+-]{1,12}\))?$/;
const LAST_UNLOADED = /\[last unloaded:[^\]]*\]?/;

/** The names in a `Modules linked in:` line (kernel/module/main.c, print_modules()), if it is one. */
export function readModules(text: string): string[] | undefined {
  const list = MODULES.exec(text)?.[1];
  return list === undefined ? undefined : names(list);
}

/**
 * The names in a line that goes on with the list: the log's longest line is 1024 characters,
 * and the kernel prints the list as one.
 */
export function readMoreModules(text: string): string[] | undefined {
  const words = text.replace(LAST_UNLOADED, "").trim().split(/\s+/);
  // A single word may be anything.
  if (words.length < 2 && !text.includes("(") && !text.includes("[last unloaded")) return undefined;
  return words.every((word) => word === "" || MODULE.test(word)) ? names(text) : undefined;
}

function names(list: string): string[] {
  return list
    .replace(LAST_UNLOADED, "")
    .split(/\s+/)
    .map((word) => word.replace(/\(.*/, ""))
    .filter((word) => /^[\w-]{1,64}$/.test(word));
}
