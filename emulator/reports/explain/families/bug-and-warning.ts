import type { SourceLocation } from "../../../debuginfo/debug-info.js";
import type { Explain } from "../explanation.js";
import type { Scene } from "../scene.js";
import { culpritName, findLine, trapName } from "../wording.js";

/** `kernel BUG at FILE:LINE!`: a condition that its author holds to be impossible. */
export const explainBug: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "The kernel";
  const place = findLine(report, /kernel BUG at (\S+):(\d+)!/);
  const fortify = findLine(
    report,
    /detected buffer overflow in (\w+)|(\w+): detected buffer overflow/,
  );
  const evidence = [...(await scene.culpritLine()), report.message];
  if (fortify !== undefined) {
    const callee = fortify[1] ?? fortify[2];
    return {
      sentence: `${culpritName(report) ?? "The kernel"} called \`${callee}()\` with a size that is larger than the buffer, and the check of it (FORTIFY_SOURCE) stopped it.`,
      evidence,
    };
  }
  if (place?.[1] === undefined || place[2] === undefined) {
    return {
      sentence: `${name} came to a BUG(): a condition that its author holds to be impossible.`,
      evidence,
    };
  }
  const where = `${place[1]}:${place[2]}`;
  const condition = await checkedCondition(
    scene,
    place[1],
    Number(place[2]),
    /\b\w*BUG(?:_ON)?\w*\s*\(/,
  );
  return {
    sentence: `${name} came to the BUG() at ${where}: ${condition === undefined ? "a condition that its author holds to be impossible was true" : `\`${condition}\` was true, which its author holds to be impossible`}.`,
    evidence,
  };
};

/** WARN() and its kin: something unexpected, and the kernel went on. */
export const explainWarning: Explain = async (scene) => {
  const { report } = scene;
  const name = culpritName(report) ?? trapName(report) ?? "The kernel";
  const place = findLine(report, /WARNING:.* at (\S+):(\d+)/);
  const evidence = [...(await scene.culpritLine()), report.message];
  const said = saidByWarning(report.text);
  const where = place === undefined ? "" : ` at ${place[1]}:${place[2]}`;
  if (said !== undefined) {
    return {
      sentence: `${name} found something unexpected${where} and went on: "${said}".`,
      evidence,
    };
  }
  const condition =
    place?.[1] === undefined
      ? undefined
      : await checkedCondition(scene, place[1], Number(place[2]), /\b\w*WARN\w*\s*\(/);
  return {
    sentence: `${name} found something unexpected${where} and went on${condition === undefined ? "" : `: \`${condition}\` was true`}.`,
    evidence,
  };
};

/** The text of a WARN() with a format: between the scissors line and the WARNING, or behind it. */
function saidByWarning(text: readonly string[]): string | undefined {
  const warning = text.findIndex((line) => /^WARNING: /.test(line.trim()));
  const scissors = text.findIndex((line) => line.includes("[ cut here ]"));
  const before = scissors >= 0 && scissors < warning ? text.slice(scissors + 1, warning) : [];
  const after = text[warning + 1]?.trim();
  const ordinary = /^(?:Modules linked in|CPU:|Hardware name|RIP:|EIP:|Code:|Call Trace|Pid:|---)/;
  const behind = warning < 0 || after === undefined || ordinary.test(after) ? [] : [after];
  const said = [...before, ...behind].map((line) => line.trim()).filter((line) => line !== "");
  return said[0];
}

/** What stands in the parentheses of the macro, when the source is at hand. */
async function checkedCondition(
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
