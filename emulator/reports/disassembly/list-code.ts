import { relocationTarget } from "../../debuginfo/code-relocations.js";
import type { DebugInfo, SourceLocation } from "../../debuginfo/debug-info.js";
import type { Frame, Report } from "../report.js";
import { type CodeWindow, fileWindow, reportWindow, trapFrame } from "./code-window.js";
import { registersAtTrap } from "./fault-address.js";
import type { Disassembler, Instruction } from "./instruction.js";
import type { InstructionRow, ListingContext, ListingRow } from "./listing.js";
import { moduleRelocations } from "./module-relocations.js";
import { type OperandValues, operandValues } from "./operand-values.js";
import { trapMeaning } from "./trap-instruction.js";

/** How many instructions are listed in front of the marked one and behind it. */
const ROWS_IN_FRONT = 9;
const ROWS_BEHIND = 4;

/**
 * Lists the code around a report's instruction pointer, from the bytes that the report shows,
 * with source lines where debug information and sources are at hand. A report without bytes
 * ("Unable to access opcode bytes") is listed from the file.
 * @returns no rows when there is neither.
 */
export async function listTrap(
  report: Report,
  disassembler: Disassembler,
  context: ListingContext = {},
): Promise<ListingRow[]> {
  const frame = trapFrame(report);
  const debugInfo = frame && (await context.debugInfo?.(frame.module));
  const window = reportWindow(report, disassembler, debugInfo);
  if (window !== undefined) return listWindow(window, disassembler, context, report);
  if (report.code !== undefined || frame === undefined || debugInfo === undefined) return [];
  const relocations = await moduleRelocations(frame.module, context);
  const fromFile = fileWindow(frame, disassembler, debugInfo, relocations);
  return fromFile === undefined ? [] : listWindow(fromFile, disassembler, context, report);
}

/**
 * Lists the code around a frame: around the call in it, or for an instruction pointer around that
 * instruction. The code is that of the file: what the loader fills in is 0 in it, and named.
 * @returns no rows when the debug information for it is missing or has no code.
 */
export async function listFrame(
  frame: Frame,
  disassembler: Disassembler,
  context: ListingContext,
): Promise<ListingRow[]> {
  const debugInfo = await context.debugInfo?.(frame.module);
  const relocations = debugInfo && (await moduleRelocations(frame.module, context));
  const window = debugInfo && fileWindow(frame, disassembler, debugInfo, relocations);
  return window === undefined ? [] : listWindow(window, disassembler, context, undefined);
}

async function listWindow(
  window: CodeWindow,
  disassembler: Disassembler,
  context: ListingContext,
  report: Report | undefined,
): Promise<ListingRow[]> {
  const { bits, code, marked } = window;
  // Without an address, jumps are shown from the function's start.
  const origin = window.address ?? BigInt(window.symbolOffset ?? 0);
  const instructions = [
    ...disassembler.decode(code.subarray(0, marked), bits, origin),
    ...disassembler.decode(code.subarray(marked), bits, origin + BigInt(marked)),
  ];
  const offsets = instructions.map(({ address }) => Number(BigInt.asUintN(bits, address - origin)));
  const at = offsets.indexOf(marked);
  const end = functionEnd(window);
  const rows: ListingRow[] = [];
  const source = new SourceWriter(window.debugInfo, context);
  for (const [index, instruction] of instructions.entries()) {
    if (index < at - ROWS_IN_FRONT || index > at + ROWS_BEHIND) continue;
    const offset = offsets[index] ?? 0;
    if (isCutOff(instructions, index) || offset >= end) break;
    if (window.place !== undefined) {
      const { section, offset: start } = window.place;
      rows.push(...(await source.rowsFor({ section, offset: start + offset })));
    }
    const isMarked = index === at;
    rows.push({
      kind: "instruction",
      address: window.address === undefined ? undefined : instruction.address,
      symbol: window.symbol,
      offset: window.symbolOffset === undefined ? undefined : window.symbolOffset + offset,
      bytes: instruction.bytes,
      ...textAndReference(instruction, window, context),
      trapping: isMarked,
      meaning: isMarked && report !== undefined ? trapMeaning(instruction.bytes) : undefined,
      // An address that the loader has yet to fill in would be calculated wrongly.
      values:
        isMarked && report !== undefined && isComplete(instruction, window)
          ? valuesAtTrap(instruction, report, window, disassembler)
          : undefined,
    });
  }
  return rows;
}

function valuesAtTrap(
  instruction: Instruction,
  report: Report,
  { address }: CodeWindow,
  disassembler: Disassembler,
): OperandValues {
  const values = operandValues(disassembler, instruction, registersAtTrap(report));
  // Where the instruction's own address is not known, neither is one that counts from it.
  const known = address !== undefined || instruction.relativeAddress === undefined;
  return known
    ? values
    : {
        ...values,
        memory: values.memory.map((access) => ({ ...access, address: undefined, faulted: false })),
      };
}

/** Where the function ends that the marked instruction lies in, from the window's first byte. */
function functionEnd({ debugInfo, place, marked }: CodeWindow): number {
  const symbol = place && debugInfo?.symbolAt({ ...place, offset: place.offset + marked });
  if (place === undefined || symbol === undefined || symbol.size === 0)
    return Number.POSITIVE_INFINITY;
  return Math.max(marked + 1, symbol.place.offset + symbol.size - place.offset);
}

/** The last bytes of a report may be the first half of an instruction. */
function isCutOff(instructions: readonly Instruction[], index: number): boolean {
  return instructions.slice(index).every(({ text }) => text === "(bad)");
}

function textAndReference(
  instruction: Instruction,
  window: CodeWindow,
  context: ListingContext,
): Pick<InstructionRow, "text" | "reference"> {
  const { text, target, relativeAddress } = instruction;
  const loaded = filledIn(instruction, window);
  if (loaded !== undefined) {
    return { text: target === undefined ? text : withoutTarget(text), reference: loaded };
  }
  const referred = target ?? relativeAddress;
  if (referred === undefined) return { text, reference: undefined };
  const reference = nameOf(referred, window, context);
  if (window.address !== undefined || target === undefined) return { text, reference };
  // The number counts from the function's start: only the name says something.
  return { text: withoutTarget(text), reference: reference ?? "?" };
}

function withoutTarget(text: string): string {
  return text.replace(/ +[0-9a-f]+$/, "");
}

/** Whether all of an instruction's bytes are as they run. */
function isComplete(
  { address, bytes }: Instruction,
  { loaded, relocations, place, symbolOffset }: CodeWindow,
): boolean {
  if (loaded) return true;
  if (relocations === undefined || place === undefined) return false;
  const start = place.offset + Number(address) - (symbolOffset ?? 0);
  return relocations.within(place.section, start, start + bytes.length).length === 0;
}

/** The name of what the loader fills into an instruction. */
function filledIn(
  { address, bytes }: Instruction,
  { relocations, place, symbolOffset }: CodeWindow,
): string | undefined {
  if (relocations === undefined || place === undefined) return undefined;
  const start = place.offset + Number(address) - (symbolOffset ?? 0);
  const end = start + bytes.length;
  const [relocation] = relocations.within(place.section, start, end);
  if (relocation?.symbol !== undefined) return relocation.symbol;
  const target = relocation && relocationTarget(relocation, end);
  return target && relocations.nameAt(target);
}

function nameOf(
  referred: bigint,
  { address, symbol, symbolSize, symbolOffset, debugInfo, place, bits, code }: CodeWindow,
  context: ListingContext,
): string | undefined {
  const origin = address ?? BigInt(symbolOffset ?? 0);
  const distance = Number(BigInt.asIntN(bits, referred - origin));
  const own = place && debugInfo?.symbolAt({ ...place, offset: place.offset + distance });
  if (own !== undefined && place !== undefined) {
    return withOffset(own.name, place.offset + distance - own.place.offset);
  }
  const named = address === undefined ? undefined : context.nameOf?.(referred);
  if (named !== undefined) return named;
  if (symbol === undefined || symbolOffset === undefined) return undefined;
  const end = symbolSize ?? symbolOffset + code.length;
  if (symbolOffset + distance < 0 || symbolOffset + distance >= end) return undefined;
  return withOffset(symbol, symbolOffset + distance);
}

function withOffset(name: string, offset: number): string {
  return offset === 0 ? name : `${name}+0x${offset.toString(16)}`;
}

/** Says where the source line or the function changes. */
class SourceWriter {
  readonly #debugInfo: DebugInfo | undefined;
  readonly #context: ListingContext;
  readonly #files = new Map<string, Promise<readonly string[]>>();
  #functions = "";
  #line = "";

  constructor(debugInfo: DebugInfo | undefined, context: ListingContext) {
    this.#debugInfo = debugInfo;
    this.#context = context;
  }

  async rowsFor(place: {
    readonly section: number;
    readonly offset: number;
  }): Promise<ListingRow[]> {
    const chain = this.#debugInfo?.locate(place) ?? [];
    const [innermost] = chain;
    if (innermost === undefined) return [];
    const rows: ListingRow[] = [];
    const functions = chain.map((location) => location.function);
    if (functions.join("\n") !== this.#functions) {
      this.#functions = functions.join("\n");
      this.#line = "";
      rows.push({ kind: "function", functions });
    }
    const line = `${innermost.file}:${innermost.line}`;
    if (innermost.line > 0 && line !== this.#line) {
      this.#line = line;
      rows.push(await this.#sourceRow(innermost));
    }
    return rows;
  }

  async #sourceRow({ file, line }: SourceLocation): Promise<ListingRow> {
    let lines = this.#files.get(file);
    if (lines === undefined) {
      lines = this.#read(file);
      this.#files.set(file, lines);
    }
    return { kind: "source", file, line, text: (await lines)[line - 1]?.trim() };
  }

  async #read(file: string): Promise<readonly string[]> {
    return (await this.#context.readSource?.(file))?.split("\n") ?? [];
  }
}
