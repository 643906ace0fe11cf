import type { Report } from "../../report.js";
import { type Explanation, fromText } from "../explanation.js";
import { describePointer } from "../pointer-patterns.js";
import { count, culpritName, findLine, hex, traceOwner } from "../wording.js";

/** CONFIG_KASAN: mm/kasan/report.c and report_generic.c. */
export const explainKasan = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const [, kind = "invalid-access"] = findLine(report, /BUG: KASAN: ([\w-]+(?: or [\w-]+)*)/) ?? [];
  const access = findLine(report, /(Read|Write) of size (\d+) at addr ([0-9a-f]+)/);
  const evidence = [
    report.message,
    ...(access === undefined ? [] : [access.input.trim()]),
    ...report.text
      .filter((line) => /^The buggy address|located .* (?:inside|right|left)/.test(line.trim()))
      .slice(0, 3),
  ].map((line) => line.trim());
  if (/double-free|invalid-free/.test(kind)) {
    return {
      sentence: `${name} ${/double/.test(kind) && !/or/.test(kind) ? "freed an object that was free already" : "freed an object that was free already, or an address that is no object's start"}${history(report)}.`,
      evidence,
    };
  }
  const verb = access?.[1] === "Write" ? "wrote" : "read";
  const amount = access?.[2] === undefined ? "memory" : count(Number(access[2]), "byte");
  const address = access?.[3] === undefined ? undefined : BigInt(`0x${access[3]}`);
  return {
    sentence: `${name} ${verb} ${amount} ${where(report, kind, address)}${history(report)}.`,
    evidence,
  };
});

function where(report: Report, kind: string, address: bigint | undefined): string {
  const place = findLine(
    report,
    /located (\d+) bytes (inside of|to the right of|to the left of)(?: (?:allocated|freed))?/,
  );
  const region = findLine(report, /of (?:(?:allocated|freed) )?(\d+)-byte region/);
  const cache = findLine(report, /belongs to the cache (\S+) of size (\d+)/);
  const object =
    region?.[1] === undefined ? "an object" : `an object of ${count(Number(region[1]), "byte")}`;
  const from = cache?.[1] === undefined ? "" : ` (slab cache \`${cache[1]}\`)`;
  const distance = Number(place?.[1] ?? 0);
  const variable = globalVariable(report);
  const relation =
    place?.[2] === "to the right of"
      ? distance === 0
        ? "right behind the end of"
        : `${count(distance, "byte")} past the end of`
      : place?.[2] === "to the left of"
        ? `${count(distance, "byte")} in front of`
        : place?.[2] === "inside of"
          ? `${count(distance, "byte")} inside`
          : undefined;
  if (/use-after-free/.test(kind)) {
    return `${relation ?? "in"} ${object} that had been freed${from}`;
  }
  if (/out-of-bounds/.test(kind) && variable !== undefined)
    return `outside of the global variable \`${variable}\``;
  if (/stack-out-of-bounds/.test(kind))
    return `outside of a local variable on the stack${stackVariable(report)}`;
  if (/use-after-scope/.test(kind))
    return `of a local variable whose block had ended${stackVariable(report)}`;
  if (/alloca/.test(kind)) return "outside of an array of variable length on the stack";
  if (/vmalloc-out-of-bounds/.test(kind)) return "outside of a vmalloc area";
  if (/out-of-bounds/.test(kind)) {
    // The access begins inside and reaches over the end.
    if (place?.[2] === "inside of")
      return `${relation} ${object}${from}, beyond the part of it that may be used`;
    return `${relation ?? "outside of"} ${object}${from}`;
  }
  if (/null-ptr-deref/.test(kind)) {
    return address === undefined || address === 0n
      ? "through a NULL pointer"
      : `at address ${hex(address)}, an offset from a NULL pointer`;
  }
  if (/user-memory-access/.test(kind))
    return `at ${address === undefined ? "an address" : hex(address)}, an address of user space, without the functions that are meant for that`;
  if (/wild-memory-access/.test(kind)) {
    const pattern = address === undefined ? undefined : describePointer(address, 64);
    return `at ${address === undefined ? "an address" : hex(address)}, which ${pattern ?? "is no address of kernel memory"}`;
  }
  return `at ${address === undefined ? "an address" : hex(address)} where it must not (${kind})`;
}

/** The line behind `The buggy address belongs to the variable:`. */
function globalVariable({ text }: Report): string | undefined {
  const at = text.findIndex((line) => /belongs to the variable:/.test(line));
  return at < 0 ? undefined : /^\s*([\w.]+)/.exec(text[at + 1] ?? "")?.[1];
}

/** ` (frame of …)`, from `addr … is located in stack of task …, in frame:`. */
function stackVariable({ text }: Report): string {
  const at = text.findIndex((line) => /this frame has \d+ object/.test(line));
  const [, name] = at < 0 ? [] : (/\[\d+, \d+\) '(.*?)'/.exec(text[at + 1] ?? "") ?? []);
  return name === undefined ? "" : ` (next to \`${name}\`)`;
}

/** Who allocated the object and who freed it. */
function history({ frames }: Report): string {
  const allocated = traceOwner(frames, /^alloc/i);
  const freed = traceOwner(frames, /^freed/i);
  const parts = [
    allocated === undefined ? "" : `allocated by ${allocated}`,
    freed === undefined ? "" : `freed by ${freed}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `; it was ${parts.join(" and ")}`;
}

/** CONFIG_KFENCE: mm/kfence/report.c. */
export const explainKfence = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const detail = findLine(
    report,
    /^\s*(Out-of-bounds|Use-after-free|Corrupted memory|Invalid free|Invalid) ?(read|write|access)? (?:at|of) (0x[0-9a-f]+)(.*)/,
  );
  const distance = findLine(report, /\((\d+)B (left|right) of kfence-#/);
  const object = findLine(report, /kfence-#\d+.*size=(\d+), cache=(\S+)/);
  const thing =
    object === undefined
      ? "an object"
      : `an object of ${count(Number(object[1]), "byte")} (slab cache \`${object[2]}\`)`;
  const evidence = [
    report.message,
    ...[detail, object].flatMap((line) => (line === undefined ? [] : [line.input.trim()])),
  ];
  const verb =
    detail?.[2] === "write" ? "wrote" : detail?.[2] === "read" ? "read" : "accessed memory";
  const tail = history(report);
  switch (detail?.[1]) {
    case "Out-of-bounds": {
      const where =
        distance === undefined
          ? "outside of"
          : distance[2] === "left"
            ? `${count(Number(distance[1]), "byte")} in front of`
            : distance[1] === "0"
              ? "right behind the end of"
              : `${count(Number(distance[1]), "byte")} past the end of`;
      return { sentence: `${name} ${verb} ${where} ${thing}${tail}.`, evidence };
    }
    case "Use-after-free":
      return { sentence: `${name} ${verb} in ${thing} that had been freed${tail}.`, evidence };
    case "Corrupted memory":
      return {
        sentence: `Somebody has written past the end of ${thing}: that was found in ${name}, when it was freed${tail}.`,
        evidence,
      };
    case "Invalid free":
      return { sentence: `${name} freed an address that is no allocated object${tail}.`, evidence };
    default:
      return {
        sentence: `${name} accessed memory of KFENCE's pool that belongs to no object${tail}.`,
        evidence,
      };
  }
});

/** CONFIG_KMSAN: mm/kmsan/report.c. */
export const explainKmsan = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const local = findLine(report, /Local variable (\S+) created at:/)?.[1];
  const created = traceOwner(report.frames, /creat/i);
  const from =
    local !== undefined
      ? `; it is in the local variable \`${local}\``
      : created === undefined
        ? ""
        : `; its memory was allocated by ${created}`;
  const what = /infoleak/.test(report.message)
    ? "copied memory that was never written to out of the kernel"
    : "decided by a value that was never set";
  return { sentence: `${name} ${what}${from}.`, evidence: [report.message] };
});

/** CONFIG_KCSAN: kernel/kcsan/report.c. */
export const explainKcsan = fromText((report): Explanation => {
  const accesses = report.text.flatMap((line) => {
    const [, kind, address, size, by] =
      /^\s*(?:race at unknown origin, with )?((?:assert no (?:writes|accesses) to|read(?:-write)? to|write to|read-write)[^0]*?)\s*(0x[0-9a-f]+) of (\d+) bytes by (.*?):?$/.exec(
        line,
      ) ?? [];
    if (kind === undefined || size === undefined || by === undefined) return [];
    const verb = /read-write/.test(kind)
      ? "reads and writes"
      : /write/.test(kind) && !/no/.test(kind)
        ? "writes"
        : "reads";
    return [
      {
        verb,
        size: Number(size),
        address: address ?? "",
        by: by.replace(/ on cpu \d+$/, ""),
        marked: /\(marked\)/.test(kind),
      },
    ];
  });
  const [, first, second] = findLine(report, /data-race in (\S+)(?: \/ (\S+))?/) ?? [];
  const [one, other] = accesses;
  const change = findLine(report, /value changed: (.*)/)?.[1];
  const changed =
    change === undefined
      ? ""
      : `; the value changed from ${change.replace(" -> ", " to ")} in between`;
  const evidence = [
    report.message,
    ...report.text
      .filter((line) => /of \d+ bytes by |value changed/.test(line))
      .map((line) => line.trim()),
  ];
  const name = (symbol: string | undefined): string =>
    symbol === undefined ? "another place" : `\`${symbol}()\``;
  if (one !== undefined && other !== undefined) {
    return {
      sentence: `${name(first)} ${one.verb} and ${name(second ?? first)} ${other.verb} the same ${count(one.size, "byte")} (at ${one.address}) at the same time, with nothing that orders them${changed}.`,
      evidence,
    };
  }
  return {
    sentence: `While ${name(first)} used ${one === undefined ? "some memory" : count(one.size, "byte")}${one === undefined ? "" : ` at ${one.address}`}, somebody unknown changed it at the same time${changed}.`,
    evidence,
  };
});
