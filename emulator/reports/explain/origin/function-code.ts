import {
  type CodeRelocations,
  type Relocation,
  relocationTarget,
} from "../../../debuginfo/code-relocations.js";
import type { CodePlace, CodeSymbol, DebugInfo } from "../../../debuginfo/debug-info.js";
import type { Accesses, Disassembler, Instruction } from "../../disassembly/index.js";
import { moduleRelocations } from "../../disassembly/module-relocations.js";
import { framePlace } from "../../frame-place.js";
import type { Frame } from "../../report.js";
import type { ExplainContext } from "../explanation.js";

/** An instruction of a function, with what the loader fills in. */
export interface Step {
  readonly instruction: Instruction;
  /** From the function's start. */
  readonly offset: number;
  readonly accesses: Accesses;
  readonly relocations: readonly Relocation[];
}

/** A whole function, decoded from its start. */
export interface FunctionCode {
  readonly name: string;
  /** Other files can call it, so that it gets its arguments where the ABI says. */
  readonly isGlobal: boolean;
  readonly bits: 32 | 64;
  readonly start: CodePlace;
  readonly steps: readonly Step[];
  /** The step that a frame stands at: the call, or the instruction itself. */
  readonly at: number;
  /** The name of what a call goes to. */
  calleeOf(step: Step): string | undefined;
  /** The module's symbols, where its file is at hand. */
  readonly relocations: CodeRelocations | undefined;
}

/** Functions larger than this are not analysed: 64 KiB are some 16,000 instructions. */
const LARGEST_FUNCTION = 0x1_0000;

/**
 * The code of the function that a frame lies in, from its file.
 * @returns undefined when the file or the disassembler is missing.
 */
export async function functionCode(
  frame: Frame,
  context: ExplainContext,
): Promise<FunctionCode | undefined> {
  const { disassembler } = context;
  const debugInfo = await context.debugInfo?.(frame.module);
  if (disassembler === undefined || debugInfo === undefined) return undefined;
  const place = framePlace(debugInfo, frame);
  const symbol = place && debugInfo.symbolAt(place);
  if (place === undefined || symbol === undefined || symbol.size > LARGEST_FUNCTION) {
    return undefined;
  }
  const relocations = await moduleRelocations(frame.module, context);
  const into = place.offset - symbol.place.offset;
  const steps = decodeSteps(
    symbol,
    debugInfo.code(symbol.place, symbol.size),
    debugInfo.bits,
    disassembler,
    relocations,
  );
  const at = steps.findIndex(
    ({ offset, instruction }) => offset <= into && into < offset + instruction.bytes.length,
  );
  if (at < 0) return undefined;
  return {
    name: symbol.name,
    isGlobal:
      relocations?.functions.some(({ name, local }) => name === symbol.name && !local) ?? false,
    bits: debugInfo.bits,
    start: symbol.place,
    steps,
    at,
    calleeOf: (step) => calleeOf(step, symbol.place, debugInfo),
    relocations,
  };
}

export function decodeSteps(
  symbol: CodeSymbol,
  code: Uint8Array,
  bits: 32 | 64,
  disassembler: Disassembler,
  relocations: CodeRelocations | undefined,
): Step[] {
  const { section, offset: start } = symbol.place;
  return disassembler.decode(code, bits, 0n).map((instruction) => {
    const offset = Number(instruction.address);
    const first = start + offset;
    return {
      instruction,
      offset,
      accesses: disassembler.accesses(instruction),
      relocations: relocations?.within(section, first, first + instruction.bytes.length) ?? [],
    };
  });
}

function calleeOf(step: Step, start: CodePlace, debugInfo: DebugInfo): string | undefined {
  const { instruction, relocations } = step;
  if (instruction.target === undefined) return undefined;
  const [relocation] = relocations;
  if (relocation?.symbol !== undefined) return relocation.symbol;
  const end = start.offset + step.offset + instruction.bytes.length;
  const place = (relocation && relocationTarget(relocation, end)) ?? {
    section: start.section,
    offset: start.offset + Number(BigInt.asIntN(32, instruction.target)),
  };
  const callee = debugInfo.symbolAt(place);
  return callee?.place.offset === place.offset ? callee.name : undefined;
}
