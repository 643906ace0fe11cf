import { checkedCondition } from "../checked-condition.js";
import type { Explain } from "../explanation.js";
import { culpritName, findLine, functionName, trapName } from "../wording.js";

/** lib/string_helpers.c: where FORTIFY_SOURCE's checks end up. */
const FORTIFY = /^`_*fortify_panic\(\)`$/;

/** `kernel BUG at FILE:LINE!`: a condition that its author holds to be impossible. */
export const explainBug: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "The kernel";
  const culprit = culpritName(report);
  const evidence = [...(await scene.culpritLine()), report.message];
  const overflow = findLine(
    report,
    /detected buffer overflow in (\w+)|(\w+): detected buffer overflow/,
  );
  if (overflow !== undefined || FORTIFY.test(name)) {
    const callee = overflow?.[1] ?? overflow?.[2];
    return {
      sentence: `${culprit ?? "The kernel"} called ${callee === undefined ? "a string or memory function" : functionName(callee)} with a size that is larger than the buffer, and the check of it (FORTIFY_SOURCE) stopped it.`,
      evidence,
    };
  }
  const missing = findLine(report, /Missing ENDBR: (\S+)/)?.[1];
  if (missing !== undefined) {
    return {
      sentence: `An indirect call or jump went to \`${missing}\`, where none may land: control flow protection (IBT) found no ENDBR instruction there.`,
      evidence,
    };
  }
  const from = culprit === undefined || culprit === name ? "" : `, reached from ${culprit}`;
  const [, file, line] = findLine(report, /kernel BUG at (\S+):(\d+)!/) ?? [];
  if (file === undefined || line === undefined) {
    return {
      sentence: `${name} came to a BUG()${from}: a condition that its author holds to be impossible was true.`,
      evidence,
    };
  }
  const condition = await checkedCondition(scene, file, Number(line), /\b\w*BUG(?:_ON)?\w*\s*\(/);
  const what =
    condition === undefined
      ? "a condition that its author holds to be impossible was true"
      : `\`${condition}\` was true, which its author holds to be impossible`;
  return { sentence: `${name} came to the BUG() at ${file}:${line}${from}: ${what}.`, evidence };
};
