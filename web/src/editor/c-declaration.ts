/** Where a C file declares a function or a macro. */
export interface Declaration {
  /** From 1. */
  readonly line: number;
  /** As it stands there, without what it does. */
  readonly text: string;
}

/** Characters that the parameters of a function may take; what takes more are none. */
const MOST_PARAMETERS = 1000;

/**
 * Finds the declaration of a name: of a function, in the kernel's style, which begins it in the first
 * column (Documentation/process/coding-style.rst), or else of a macro with parameters.
 */
export function findDeclaration(file: string, name: string): Declaration | undefined {
  // Most files have nothing of it, and this is by far the fastest way to see that.
  if (!file.includes(name)) return undefined;
  return findFunction(file, name) ?? findMacro(file, name);
}

function findFunction(file: string, name: string): Declaration | undefined {
  const start = new RegExp(`^(?<type>\\w[^;{}=\\n]*[ \\t*])?${name}[ \\t]*\\(`, "gm");
  for (const match of file.matchAll(start)) {
    const end = endOfParameters(file, match.index + match[0].length - 1);
    if (end === undefined) continue;
    const text = file.slice(match.index, end);
    const { type = "" } = match.groups ?? {};
    // Its type, or a part of that, may have a line of its own.
    const before = type === "" ? lineBefore(file, match.index) : "";
    const isDeclaration = type === "" ? /^\w[\w\s*()]*$/.test(before) : hasType(type);
    if (!isDeclaration) continue;
    return { line: lineOf(file, match.index), text: before === "" ? text : `${before}\n${text}` };
  }
  return undefined;
}

/** Without a type it is a macro that is used: `static DEFINE_SPINLOCK(lock)`. */
function hasType(words: string): boolean {
  return words.replace(/\b(?:static|extern|inline|const|volatile)\b/g, "").trim() !== "";
}

function lineBefore(file: string, start: number): string {
  return file.slice(file.lastIndexOf("\n", start - 2) + 1, Math.max(0, start - 1));
}

function lineOf(file: string, at: number): number {
  return file.slice(0, at).split("\n").length;
}

/** Behind the parenthesis that closes the parameters which another one opens. */
function endOfParameters(file: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < Math.min(file.length, open + MOST_PARAMETERS); at++) {
    if (file[at] === "(") depth++;
    if (file[at] === ")" && --depth === 0) return at + 1;
  }
  return undefined;
}

function findMacro(file: string, name: string): Declaration | undefined {
  const macro = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}\\([^)\\n]*\\)`, "m").exec(file);
  return macro === null ? undefined : { line: lineOf(file, macro.index), text: macro[0].trim() };
}

/** The headers that a C file includes by `<…>`, in their order. */
export function includedHeaders(file: string): string[] {
  return [...file.matchAll(/^\s*#\s*include\s+<([\w./-]+)>/gm)].flatMap(([, path]) => path ?? []);
}
