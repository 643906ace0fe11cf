import { type Dwarf, NOWHERE, rowPosition, UNKNOWN, type UnitCode } from "./dwarf/dwarf.js";
import type { LineTable } from "./dwarf/line-table.js";
import type { AddressSpace } from "./elf/address-space.js";
import type { MemorySymbol, SymbolTable } from "./elf/symbol-table.js";
import type { FunctionRecord, InlinedCall, LineRow } from "./function-record.js";

/** A stretch of code that has one outermost function, one unit and one symbol. */
interface Stretch {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly code: UnitCode | undefined;
  /** The function that is not inlined, of the unit's subroutines. */
  readonly outermost: number | undefined;
  readonly symbol: MemorySymbol | undefined;
}

/**
 * What a file's debug information and symbols say of its code, function by function, ordered
 * by section and address. Code of which nothing is known has no record.
 */
export function* functionRecords(
  dwarf: Dwarf,
  space: AddressSpace,
  symbols: SymbolTable,
): Generator<FunctionRecord> {
  dwarf.sections.budget.refill();
  for (const { section, start, end } of space.code) {
    for (const stretch of symbolStretches(dwarf, symbols, start, end)) {
      const { code, symbol, outermost } = stretch;
      const rows = readRows(symbols, stretch);
      // Sections of a hostile file may all be the same code.
      dwarf.sections.budget.spend(16 * (4 + rows.length));
      const isKnown =
        symbol !== undefined || outermost !== undefined || rows.some((row) => row.file !== UNKNOWN);
      if (!isKnown) continue;
      yield {
        name: functionName(dwarf, symbols, stretch),
        section,
        start: stretch.start - start,
        size: stretch.end - stretch.start,
        rows,
        inlined: code === undefined ? [] : readInlined(dwarf, code, stretch),
      };
    }
  }
}

function functionName(dwarf: Dwarf, symbols: SymbolTable, stretch: Stretch): string {
  const { symbol, code, outermost } = stretch;
  if (symbol !== undefined) return symbols.name(symbol);
  if (code === undefined || outermost === undefined) return UNKNOWN;
  return dwarf.subroutineName(code, outermost);
}

/** Cuts a section's addresses where the symbol changes. */
function* symbolStretches(
  dwarf: Dwarf,
  symbols: SymbolTable,
  start: number,
  end: number,
): Generator<Stretch> {
  const cuts = new Set<number>([end]);
  for (const { address, size } of symbols.between(start, end)) {
    if (address > start && address < end) cuts.add(address);
    if (size > 0 && address + size > start && address + size < end) cuts.add(address + size);
  }
  let from = start;
  for (const to of [...cuts].sort((a, b) => a - b)) {
    const symbol = symbols.find(from);
    for (const stretch of unitStretches(dwarf, from, to)) yield { ...stretch, symbol };
    from = to;
  }
}

/** Cuts addresses where the unit changes. */
function* unitStretches(
  dwarf: Dwarf,
  start: number,
  end: number,
): Generator<Omit<Stretch, "symbol">> {
  let from = start;
  if (dwarf.sections.has("info")) {
    for (const extent of dwarf.index.overlapping(start, end)) {
      if (extent.start > from) {
        yield { start: from, end: extent.start, code: undefined, outermost: undefined };
      }
      from = Math.max(from, extent.start);
      const to = Math.min(end, extent.end);
      const unit = dwarf.unitAt(extent.unit);
      if (unit !== undefined) yield* functionStretches(dwarf.codeOf(unit), from, to);
      else yield { start: from, end: to, code: undefined, outermost: undefined };
      from = to;
    }
  }
  if (from < end) yield { start: from, end, code: undefined, outermost: undefined };
}

/** Cuts addresses where the function that is not inlined changes. */
function* functionStretches(
  code: UnitCode,
  start: number,
  end: number,
): Generator<Omit<Stretch, "symbol">> {
  const { subroutines } = code;
  let from = start;
  let outermost: number | undefined;
  let to = start;
  for (const piece of subroutines.pieces(start, end)) {
    const owner = piece.subroutine && subroutines.chain(piece.subroutine).at(-1);
    if (owner !== outermost && to > from) {
      yield { start: from, end: to, code, outermost };
      from = to;
    }
    outermost = owner;
    to = piece.end;
  }
  if (to > from) yield { start: from, end: to, code, outermost };
}

function readRows(symbols: SymbolTable, { start, end, code, symbol }: Stretch): LineRow[] {
  const rows: LineRow[] = [];
  // Where no file is known, that of the symbol is taken: see DebugFile.locate.
  const file = symbol && symbols.sourceFile(symbol);
  const nowhere = { ...NOWHERE, file: file ?? NOWHERE.file };
  let known = start;
  if (code?.lines !== undefined) {
    for (const [from, to, row] of code.lines.pieces(start, end)) {
      if (from > known) rows.push({ offset: known - start, ...nowhere });
      rows.push({ offset: from - start, ...(rowPosition(code.lines, row) ?? nowhere) });
      known = to;
    }
  }
  if (known < end) rows.push({ offset: known - start, ...nowhere });
  return rows;
}

/** An inlined call that is being put together. */
interface GrowingCall {
  readonly subroutine: number;
  readonly ranges: [start: number, end: number][];
  readonly inlined: GrowingCall[];
}

function readInlined(dwarf: Dwarf, code: UnitCode, { start, end }: Stretch): InlinedCall[] {
  const calls: GrowingCall[] = [];
  for (const { start: from, end: to, subroutine } of code.subroutines.pieces(start, end)) {
    if (subroutine === undefined) continue;
    // From the outermost call on; the function itself is the record.
    const chain = code.subroutines.chain(subroutine).reverse();
    dwarf.sections.budget.spend(16 * chain.length);
    let level = calls;
    for (const inlined of chain.slice(1)) {
      let call = level.find((candidate) => candidate.subroutine === inlined);
      if (call === undefined) {
        call = { subroutine: inlined, ranges: [], inlined: [] };
        level.push(call);
      }
      const last = call.ranges.at(-1);
      if (last !== undefined && last[1] === from - start) last[1] = to - start;
      else call.ranges.push([from - start, to - start]);
      level = call.inlined;
    }
  }
  return calls.map((call) => finishCall(dwarf, code, call));
}

function finishCall(dwarf: Dwarf, code: UnitCode, call: GrowingCall): InlinedCall {
  const site = code.subroutines.call(call.subroutine);
  return {
    name: dwarf.subroutineName(code, call.subroutine),
    ranges: call.ranges,
    callFile: callFile(code.lines, site?.file),
    callLine: site?.line ?? 0,
    callColumn: site?.column ?? 0,
    inlined: call.inlined.map((inner) => finishCall(dwarf, code, inner)),
  };
}

function callFile(lines: LineTable | undefined, file: number | undefined): string {
  return (file === undefined ? undefined : lines?.path(file)) ?? UNKNOWN;
}
