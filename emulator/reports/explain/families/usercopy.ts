import type { Frame, Report } from "../../report.js";
import type { Explain } from "../explanation.js";
import { baseVariable, callArguments } from "../origin/call-arguments.js";
import { functionCode } from "../origin/function-code.js";
import { nullVariable } from "../origin/null-variable.js";
import { argumentOrigin } from "../origin/register-origin.js";
import { formatLocation, type Scene } from "../scene.js";
import { count, culpritName, findLine } from "../wording.js";

/** CONFIG_HARDENED_USERCOPY: mm/usercopy.c, usercopy_abort(). */

interface Attempt {
  /** The kernel's memory was to be written: a copy from user space. */
  readonly overwrite: boolean;
  /** What the kernel calls the memory: `null address`, `SLUB object 'kmalloc-64'`, … */
  readonly object: string;
  readonly offset: number | undefined;
  readonly size: number;
}

/** Functions and macros that copy, and end up in the check. */
const COPIES =
  /^_*(?:copy_(?:from|to)_user|copy_(?:from|to)_iter|copyin|copyout|(?:raw_|__)?copy_(?:from|to)_user_\w+)$/;

export const explainUsercopy: Explain = async (scene) => {
  const { report } = scene;
  const attempt = readAttempt(report);
  if (attempt === undefined)
    return {
      sentence: `${culpritName(report) ?? "The kernel"} copied between a program and the kernel, and the hardened usercopy check stopped it.`,
      evidence: [],
    };
  const call = report.culprit && (await copyCall(scene, report.culprit, attempt));
  const name = culpritName(report) ?? "The kernel";
  const callee = call?.callee ?? (attempt.overwrite ? "copy_from_user" : "copy_to_user");
  const where = call === undefined ? "" : ` (${call.location})`;
  const verb = attempt.overwrite ? "written" : "read";
  const amount = `${count(attempt.size, "byte")} ${attempt.size === 1 ? "was" : "were"} ${verb}`;
  // For a wrapped address the kernel prints the end of the range where the size belongs.
  const before = /wrapped/.test(attempt.object) ? `anything was ${verb}` : amount;
  const stopped = `the hardened usercopy check stopped it before ${before}`;
  const cause = call?.cause === undefined ? "" : `; ${call.cause}`;
  return {
    sentence: `${name} ${passed(attempt, callee, where)}, and ${stopped}${cause}.`,
    evidence: [report.message, ...(call?.evidence ?? [])],
  };
};

/** Kernels since 4.16, and the form that came before. */
function readAttempt(report: Report): Attempt | undefined {
  const [, kind, , object, offset, size] =
    findLine(
      report,
      /[Kk]ernel memory (overwrite|exposure) attempt detected (to|from) (.*?) ?\(offset (\d+), size (\d+)\)/,
    ) ?? [];
  if (kind !== undefined && object !== undefined) {
    return { overwrite: kind === "overwrite", object, offset: Number(offset), size: Number(size) };
  }
  const [, oldKind, oldObject, oldSize] =
    findLine(
      report,
      /kernel memory (overwrite|exposure) attempt detected (?:to|from)\s+\S+ \((.*)\) \((\d+) bytes\)/,
    ) ?? [];
  if (oldKind === undefined || oldObject === undefined) return undefined;
  return {
    overwrite: oldKind === "overwrite",
    object: oldObject,
    offset: undefined,
    size: Number(oldSize),
  };
}

/** The check also stops ZERO_SIZE_PTR here; the offset is the address then. */
const NULL_ADDRESS = /^(?:null address|<null>)/;
/** include/linux/slab.h, ZERO_SIZE_PTR. */
const ZERO_SIZE_POINTER = 16;

function isNull({ object, offset }: Attempt): boolean {
  return NULL_ADDRESS.test(object) && (offset ?? 0) === 0;
}

/** What is wrong with the kernel's side of the copy: mm/usercopy.c, __check_object_size(). */
function passed(attempt: Attempt, callee: string, where: string): string {
  const { overwrite, object, offset } = attempt;
  const side = overwrite ? "destination" : "source";
  const call = `\`${callee}()\`${where}`;
  if (isNull(attempt)) return `passed a NULL ${side} to ${call}`;
  if (NULL_ADDRESS.test(object)) {
    return offset === ZERO_SIZE_POINTER
      ? `passed what kmalloc(0) returns as the ${side} to ${call}`
      : `passed NULL plus ${offset} as the ${side} to ${call}`;
  }
  if (/wrapped/.test(object))
    return `passed a ${side} to ${call} that reaches over the end of the address space`;
  if (/process stack/.test(object)) {
    return `passed a ${side} to ${call} that reaches out of its stack frame, or out of the stack`;
  }
  if (/kernel text/.test(object)) return `passed the kernel's own code as the ${side} to ${call}`;
  const [, cache] = /^SL[AU]B object '(.*)'$/.exec(object) ?? [];
  if (cache !== undefined) {
    const from = offset === undefined ? "" : `from byte ${offset} on `;
    return `passed a ${side} to ${call} that does not fit ${from}into an object of the slab cache \`${cache}\`, or into the part of it that may be copied`;
  }
  if (/spans multiple pages/.test(object))
    return `passed a ${side} to ${call} that spans several unrelated pages`;
  if (/vmalloc/.test(object))
    return `passed a ${side} to ${call} that does not fit into the vmalloc area it lies in`;
  if (/page alloc/.test(object))
    return `passed a ${side} to ${call} that does not fit into the pages that were allocated`;
  const known = object === "" ? "" : ` (${object.trim()})`;
  return `passed a ${side}${known} to ${call} that the check does not allow`;
}

interface CopyCall {
  readonly callee: string;
  readonly location: string;
  readonly cause: string | undefined;
  readonly evidence: readonly string[];
}

/** The call in the culprit's source, and where the pointer that it passes came from. */
async function copyCall(
  scene: Scene,
  culprit: Frame,
  attempt: Attempt,
): Promise<CopyCall | undefined> {
  const source = await scene.source(culprit);
  if (source === undefined) return undefined;
  const { chain } = source;
  const inlined = chain.findLastIndex((location) => COPIES.test(location.function));
  const location = chain[inlined + 1];
  if (location === undefined || location.line === 0) return undefined;
  const lines = (await scene.sourceText(location.file))?.split("\n") ?? [];
  const call = callArguments(lines, location.line, COPIES);
  const callee =
    call?.callee ??
    chain[inlined]?.function ??
    (attempt.overwrite ? "copy_from_user" : "copy_to_user");
  const text = lines[location.line - 1]?.trim();
  const evidence = text === undefined ? [] : [`${formatLocation(location)}: ${text}`];
  const pointer = call?.arguments[/from/.test(callee) || attempt.overwrite ? 0 : 1];
  const found = { callee, location: formatLocation(location), cause: undefined, evidence };
  if (!isNull(attempt)) return found;
  const code = await functionCode(culprit, scene.context);
  // check_object_size() hands the kernel's pointer on as the first argument.
  const origin = code && argumentOrigin(code, 0);
  const named = pointer === undefined ? undefined : baseVariable(pointer);
  const isConstant = origin?.kind === "constant";
  const variable = origin?.kind === "variable" ? origin.name : isConstant ? named : undefined;
  const module = culprit.module;
  if (code === undefined || variable === undefined || module === undefined) return found;
  const nothing = await nullVariable(scene, variable, location.file, code, module, isConstant);
  const loaded =
    origin?.kind === "variable" ? `the pointer was loaded from \`${variable}\`` : undefined;
  return {
    ...found,
    cause: nothing.clause ?? loaded,
    evidence: [...evidence, ...nothing.evidence],
  };
}
