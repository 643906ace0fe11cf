import { type Explanation, fromText } from "../explanation.js";
import { culpritName, findLine } from "../wording.js";

/** CONFIG_UBSAN: lib/ubsan.c. The second line of a report says what exactly was wrong. */
const DETAIL =
  /index .* is out of range|shift exponent|cannot be represented|left shift of|division (?:of|by)|load of (?:value|address|misaligned|null)|member access|not a valid value|misaligned|null pointer|store to|calling|variable length array|assumption|object of type|insufficient space/;

export const explainUbsan = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const place = findLine(report, /UBSAN: ([\w -]+?) in (\S+)/);
  const detail = report.text
    .map((line) => line.trim())
    .find((line) => DETAIL.test(line) && !/UBSAN/.test(line));
  const where = place?.[2] === undefined ? "" : ` at ${place[2].replace(/:$/, "")}`;
  const kind =
    place?.[1] === undefined || place[1] === "Undefined behaviour"
      ? "did something that the C language does not define"
      : `did something that the C language does not define (${place[1]})`;
  return {
    sentence: `${name} ${kind}${where}${detail === undefined ? "" : `: ${detail}`}.`,
    evidence: [report.message, ...(detail === undefined ? [] : [detail])],
  };
});
