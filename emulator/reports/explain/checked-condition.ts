import type { SourceLocation } from "../../debuginfo/debug-info.js";
import type { Scene } from "./scene.js";

/** What stands in the parentheses of the macro, when the source is at hand. */
export async function checkedCondition(
  scene: Scene,
  file: string,
  line: number,
  macro: RegExp,
): Promise<string | undefined> {
  const text = await scene.sourceText(await sourceName(scene, file, line));
  const source = text?.split("\n")[line - 1]?.trim() ?? "";
  const match = macro.exec(source);
  if (match === null) return undefined;
  const inside = source.slice(match.index + match[0].length);
  const end = closingParenthesis(inside);
  const condition = end === undefined ? "" : inside.slice(0, end).trim();
  return condition === "" || condition.includes('"') ? undefined : condition;
}

/** The file as the debug information names it, since the report has only the end of that. */
async function sourceName(scene: Scene, file: string, line: number): Promise<string> {
  const sources = await Promise.all(
    scene.report.frames.slice(0, 4).map((frame) => scene.source(frame)),
  );
  const same = (location: SourceLocation): boolean =>
    location.line === line && location.file.endsWith(file.replace(/^(?:\.\.?\/)+/, ""));
  return sources.flatMap((source) => source?.chain ?? []).find(same)?.file ?? file;
}

function closingParenthesis(text: string): number | undefined {
  let depth = 1;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) return at;
  }
  return undefined;
}
