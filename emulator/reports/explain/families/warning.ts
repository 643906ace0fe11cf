import { checkedCondition } from "../checked-condition.js";
import type { Explain } from "../explanation.js";
import { culpritName, findLine, trapName } from "../wording.js";

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
