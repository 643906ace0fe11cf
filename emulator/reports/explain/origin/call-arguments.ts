/** Reads the arguments of a call from a line of C. */

/** A call may be spread over this many lines. */
const MOST_LINES = 10;

/**
 * The arguments of a call, as they stand in the source.
 * @param lines the file's lines.
 * @param line where the call begins, from 1.
 * @param callees names that the call may have: a function and the macros around it.
 * @returns undefined when no such call begins on that line.
 */
export function callArguments(
  lines: readonly string[],
  line: number,
  callees: RegExp,
): { readonly callee: string; readonly arguments: readonly string[] } | undefined {
  const text = withoutComments(lines.slice(line - 1, line - 1 + MOST_LINES).join("\n"));
  const firstLine = withoutComments(lines[line - 1] ?? "");
  for (const match of text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)) {
    const [call, callee = ""] = match;
    if (match.index >= firstLine.length) break;
    if (!callees.test(callee)) continue;
    const list = splitArguments(text.slice(match.index + call.length));
    if (list !== undefined) return { callee, arguments: list };
  }
  return undefined;
}

/** Splits at the commas outside of parentheses, up to the closing one. */
function splitArguments(text: string): string[] | undefined {
  const parts: string[] = [""];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\s\S]/g)) {
    if (depth === 0 && token === ")") return parts.map((part) => part.trim().replace(/\s+/g, " "));
    if (depth === 0 && token === ",") {
      parts.push("");
      continue;
    }
    if ("([{".includes(token)) depth++;
    if (")]}".includes(token)) depth--;
    parts.push((parts.pop() ?? "") + token);
  }
  return undefined;
}

/** Comments become blanks; strings stay, lines stay where they are. */
export function withoutComments(text: string): string {
  return text.replace(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g,
    (token) => (token.startsWith("/") ? token.replace(/[^\n]/g, " ") : token),
  );
}

/**
 * The variable that a pointer expression is an offset from: `hello_mem` of `hello_mem + *ppos` or
 * of `(void *)hello_mem`.
 */
export function baseVariable(expression: string): string | undefined {
  const uncast = expression.replace(/^(?:\([\w\s]+\*+\s*\)\s*)+/, "");
  const [, name] = /^([A-Za-z_]\w*)\s*(?:[+-](?![->]).*)?$/.exec(uncast) ?? [];
  return name;
}
