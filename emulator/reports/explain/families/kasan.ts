import type { Report } from "../../report.js";
import { type Explanation, fromText } from "../explanation.js";
import { objectHistory } from "../object-history.js";
import { describePointer } from "../pointer-patterns.js";
import { count, culpritName, findLine, hex, linesLike } from "../wording.js";

/** CONFIG_KASAN: mm/kasan/report.c and report_generic.c; 4.4's forms, too. */
export const explainKasan = fromText((report): Explanation => {
  const [, kind = "invalid-access"] = findLine(report, /BUG: KASAN: ([\w-]+(?: or [\w-]+)*)/) ?? [];
  const access = findLine(report, /(Read|Write) of size (\d+) /);
  const evidence = [
    report.message,
    ...(access === undefined ? [] : [access.input.trim()]),
    ...linesLike(report, /^The buggy address (?:belongs|is located)|-byte region/).slice(0, 3),
  ];
  const history = objectHistory(report);
  const name = culpritName(report) ?? "The kernel";
  if (/double-free|invalid-free/.test(kind)) {
    const freed =
      kind === "double-free"
        ? "an object that was free already"
        : kind === "invalid-free"
          ? "an address at which no allocated object begins"
          : "an object that was free already, or an address at which none begins";
    return { sentence: `${name} freed ${freed}${history}.`, evidence };
  }
  const verb = access?.[1] === "Write" ? "wrote" : access?.[1] === "Read" ? "read" : "accessed";
  const amount = access?.[2] === undefined ? "memory" : count(Number(access[2]), "byte");
  return {
    sentence: `${name} ${verb} ${amount} ${where(report, kind)}${history}.`,
    evidence,
  };
});

function where(report: Report, kind: string): string {
  const [, printed] = findLine(report, /(?:at addr|on address) (?:0x)?([0-9a-f]{4,16})\b/) ?? [];
  const address = printed === undefined ? undefined : BigInt(`0x${printed}`);
  const at = address === undefined ? "an address" : hex(address);
  const variable = globalVariable(report);
  if (/use-after-free/.test(kind))
    return `${inObject(report, "in")} that had been freed${cache(report)}`;
  if (/stack-out-of-bounds/.test(kind)) return "outside of a local variable on the stack";
  if (/use-after-scope/.test(kind)) return "of a local variable whose block had ended";
  if (/alloca-out-of-bounds/.test(kind))
    return "outside of an array of variable length on the stack";
  if (/vmalloc-out-of-bounds/.test(kind)) return "outside of a vmalloc area";
  if (/global-out-of-bounds/.test(kind)) {
    return `outside of ${variable === undefined ? "a global variable" : `the global variable \`${variable}\``}`;
  }
  if (/out-of-bounds/.test(kind)) {
    const beyond = isInside(report) ? ", beyond the part of it that may be used" : "";
    return `${inObject(report, "outside of")}${cache(report)}${beyond}`;
  }
  if (/null-ptr-deref/.test(kind)) {
    return address === undefined || address === 0n
      ? "through a NULL pointer"
      : `at address ${at}, an offset from a NULL pointer`;
  }
  if (/user-memory-access/.test(kind)) {
    return `at ${at}, an address of user space, without the functions that are meant for that`;
  }
  if (/wild-memory-access/.test(kind)) {
    const pattern = address === undefined ? undefined : describePointer(address, 64);
    return `at ${at}, which ${pattern ?? "is no address of kernel memory"}`;
  }
  return `at ${at}, where it must not (${kind})`;
}

/** `located 16 bytes inside of (freed) 64-byte region`; older kernels give the object only. */
const LOCATED = /located (\d+) bytes (inside of|to the right of|to the left of)/;

function isInside(report: Report): boolean {
  return findLine(report, LOCATED)?.[2] === "inside of";
}

/** `16 bytes inside an object of 64 bytes`. */
function inObject(report: Report, otherwise: string): string {
  const [, bytes, relation] = findLine(report, LOCATED) ?? [];
  const size = findLine(report, /(?:^|\s)(\d+)-byte region/)?.[1];
  const object = size === undefined ? "an object" : `an object of ${count(Number(size), "byte")}`;
  const distance = count(Number(bytes ?? 0), "byte");
  switch (relation) {
    case "inside of":
      return `at byte ${bytes} of ${object}`;
    case "to the right of":
      return bytes === "0"
        ? `right behind the end of ${object}`
        : `${distance} past the end of ${object}`;
    case "to the left of":
      return `${distance} in front of ${object}`;
    default:
      return `${otherwise} ${object}`;
  }
}

function cache(report: Report): string {
  const [, name] =
    findLine(report, /belongs to the cache (\S+)/) ??
    findLine(report, /Object at \w+, in cache (\S+)/) ??
    [];
  return name === undefined ? "" : ` (slab cache \`${name}\`)`;
}

/** The line behind `The buggy address belongs to the variable:`. */
function globalVariable({ text }: Report): string | undefined {
  const at = text.findIndex((line) => /belongs to the variable:/.test(line));
  return at < 0 ? undefined : /^\s*([\w.]+)\+0x/.exec(text[at + 1] ?? "")?.[1];
}
