/** A function's definition in a C source. */
export interface CFunction {
  /** Of the body, between its braces; offsets in the source. */
  readonly start: number;
  readonly end: number;
  /** The body without what the compiler does not see: comments and texts are blanks. */
  readonly code: string;
}

/**
 * What is to be blanked: comments, texts and characters (C11, 6.4.9, 6.4.5 and 6.4.4.4), and what
 * `#if 0` takes out, where nothing is nested in it. One that does not end reaches to the end.
 */
const UNSEEN =
  /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/[^\n]*|"(?:[^"\\\n]|\\[\s\S])*(?:"|$)|'(?:[^'\\\n]|\\[\s\S])*(?:'|$)|^[ \t]*#[ \t]*if[ \t]+0\b[\s\S]*?(?:^[ \t]*#[ \t]*(?:endif|else|elif)\b|(?![\s\S]))/gm;

/** The source as the compiler sees it, with each of its characters at its place. */
export function seenByCompiler(source: string): string {
  return source.replace(UNSEEN, (unseen) => unseen.replace(/[^\n]/g, " "));
}

/** Finds a function by its name; undefined where it is not defined, or not to its end. */
export function findFunction(source: string, name: string): CFunction | undefined {
  const code = seenByCompiler(source);
  const naming = new RegExp(`\\b${name}\\s*(?=\\()`, "g");
  const opening = /\s*\{/y;
  while (naming.exec(code) !== null) {
    const afterParameters = endOfPair(code, naming.lastIndex, "(", ")");
    if (afterParameters === undefined) return undefined;
    opening.lastIndex = afterParameters;
    if (!opening.test(code)) {
      // A declaration or a call; nothing is defined inside of its parentheses.
      naming.lastIndex = afterParameters;
      continue;
    }
    const start = opening.lastIndex;
    const end = endOfPair(code, start - 1, "{", "}");
    return end === undefined
      ? undefined
      : { start, end: end - 1, code: code.slice(start, end - 1) };
  }
  return undefined;
}

/** The offset behind what closes a bracket. */
function endOfPair(code: string, at: number, open: string, close: string): number | undefined {
  let depth = 0;
  for (let index = at; index < code.length; index++) {
    if (code[index] === open) depth++;
    else if (code[index] === close && --depth === 0) return index + 1;
  }
  return undefined;
}
