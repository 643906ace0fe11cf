import type { UnitCode } from "../dwarf/dwarf.js";
import type { LineHeader } from "../dwarf/line-header.js";
import {
  isAbsolute,
  join,
  type LineTable,
  ROW_ENDS_SEQUENCE,
  ROW_HAS_DISCRIMINATOR,
  ROW_IS_LATER_OPERATION,
  ROW_IS_STATEMENT,
} from "../dwarf/line-table.js";
import type { Unit } from "../dwarf/unit.js";
import { lastNotAbove } from "../sorted.js";

/** A line that gdb knows an address of. */
interface Entry {
  readonly address: number;
  /** 0 says that the file's code ends here, or goes on in another file. */
  readonly line: number;
  readonly isStatement: boolean;
}

/** A source file of a unit, with its share of the line table. */
interface Subfile {
  /** As gdb shows it: relative to the compilation's folder where the compiler was given it so. */
  readonly name: string;
  /** The same, absolute where the debug information allows it. */
  readonly path: string;
  readonly entries: Entry[];
}

/** The source line that gdb names for an address. */
export interface StatementPosition {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

/**
 * A unit's line table as gdb keeps it: a table for each source file, some rows left out
 * (gdb 13, dwarf2/read.c, lnp_state_machine::record_line, and buildsym.c, record_line).
 *
 * This is why gdb and llvm-symbolizer often name different lines for one address:
 * - Rows of a file that hold no code because another file's rows follow at the same address
 *   are dropped, and so is a row that begins no statement right behind one of another file
 *   that does. The address then stays with the line in front.
 * - Rows for line 0 are dropped, so that the line in front goes on where llvm-symbolizer says
 *   that the code belongs to no line.
 * - Several rows at one address: gdb goes back to the first that begins a statement.
 */
export class StatementTable {
  readonly #subfiles: readonly Subfile[];
  readonly #addresses: readonly Float64Array[];

  constructor({ unit, lines }: UnitCode) {
    this.#subfiles = lines === undefined ? [] : readSubfiles(unit, lines);
    this.#addresses = this.#subfiles.map(({ entries }) =>
      Float64Array.from(entries, ({ address }) => address),
    );
  }

  /** gdb 13, symtab.c, find_pc_sect_line: the file with the closest entry in front. */
  find(address: number): StatementPosition | undefined {
    let best: Entry | undefined;
    let bestFile: Subfile | undefined;
    for (const [index, subfile] of this.#subfiles.entries()) {
      const at = lastNotAbove(this.#addresses[index] ?? [], address);
      const entry = subfile.entries[at];
      if (entry === undefined || entry.line === 0) continue;
      if (best !== undefined && entry.address <= best.address) continue;
      best = firstStatement(subfile.entries, at);
      bestFile = subfile;
    }
    if (best === undefined || bestFile === undefined) return undefined;
    return { name: bestFile.name, path: bestFile.path, line: best.line };
  }
}

/** Of the entries at one address the first before this one that begins a statement. */
function firstStatement(entries: readonly Entry[], index: number): Entry | undefined {
  const entry = entries[index];
  for (let at = index; ; at--) {
    const candidate = entries[at];
    if (candidate === undefined || candidate.isStatement) return candidate ?? entry;
    const previous = entries[at - 1];
    if (previous?.address !== candidate.address || previous.line === 0) return entry;
  }
}

/** The unit's own file first, then in the order of the table of files. */
function readSubfiles(unit: Unit, lines: LineTable): Subfile[] {
  const folder = unit.compilationFolder ?? "";
  const subfiles = new Map<string, Subfile>();
  const open = (name: string, path: string): Subfile => {
    const known = subfiles.get(path);
    if (known !== undefined) return known;
    const made = { name, path, entries: [] };
    subfiles.set(path, made);
    return made;
  };
  const mainName = unit.name ?? "";
  open(mainName, absolutePath(folder, mainName));
  const byFile = lines.header.files.map((_, file) => {
    const name = displayedName(lines.header, file);
    return name === undefined ? undefined : open(name, absolutePath(folder, name));
  });
  new EntryRecorder(unit, lines, byFile).run();
  for (const { entries } of subfiles.values()) {
    // Stable; where a sequence ends and another begins, the end comes first.
    entries.sort((a, b) => a.address - b.address || Number(a.line !== 0) - Number(b.line !== 0));
  }
  return [...subfiles.values()];
}

function absolutePath(folder: string, name: string): string {
  return isAbsolute(name) ? name : join(folder, name);
}

/** gdb 13, dwarf2/read.c, dwarf2_start_subfile. */
function displayedName({ version, files, folders }: LineHeader, file: number): string | undefined {
  const entry = files[file];
  if (entry === undefined || (version < 5 && file === 0)) return undefined;
  return isAbsolute(entry.name) ? entry.name : join(folders[entry.folder] ?? "", entry.name);
}

/** Addresses that linkers write for code that they threw away, besides 0. */
const THROWN_AWAY: ReadonlySet<number> = new Set([-1, -2, 0xffff_ffff, 0xffff_fffe]);

/** Goes through the rows and deals them out to the files. */
class EntryRecorder {
  readonly #lines: LineTable;
  readonly #byFile: readonly (Subfile | undefined)[];
  readonly #lowest: number;
  /** The file of the last entry; undefined at the beginning of a sequence. */
  #lastSubfile: Subfile | undefined;
  #lastLine = 0;
  #lastAddress = 0;
  #statementAtAddress = false;
  /** Since line or file last changed. */
  #discriminatorSeen = false;

  constructor(unit: Unit, lines: LineTable, byFile: readonly (Subfile | undefined)[]) {
    this.#lines = lines;
    this.#byFile = byFile;
    const starts = unit.ranges().filter((_, index) => index % 2 === 0);
    this.#lowest = starts.reduce((low, start) => Math.min(low, start), Number.POSITIVE_INFINITY);
  }

  run(): void {
    const { rows } = this.#lines;
    let start = 0;
    for (let row = 0; row < rows.count; row++) {
      if (((rows.flags[row] ?? 0) & ROW_ENDS_SEQUENCE) === 0) continue;
      const first = rows.addresses[start] ?? 0;
      const thrownAway = THROWN_AWAY.has(first) || (first === 0 && this.#lowest > 0);
      if (!thrownAway) this.#sequence(start, row);
      start = row + 1;
    }
  }

  #sequence(firstRow: number, endRow: number): void {
    this.#lastSubfile = undefined;
    this.#lastLine = 0;
    this.#lastAddress = 0;
    this.#statementAtAddress = false;
    this.#discriminatorSeen = false;
    for (let row = firstRow; row < endRow; row++) this.#row(row, firstRow);
    this.#finish(this.#lines.rows.addresses[endRow] ?? 0);
  }

  #row(row: number, firstRow: number): void {
    const { addresses, lines, files, flags } = this.#lines.rows;
    const address = addresses[row] ?? 0;
    const line = lines[row] ?? 0;
    const flag = flags[row] ?? 0;
    const isStatement = (flag & ROW_IS_STATEMENT) !== 0;
    const hasDiscriminator = (flag & ROW_HAS_DISCRIMINATOR) !== 0;
    const isSame = row > firstRow && lines[row - 1] === line && files[row - 1] === files[row];
    this.#discriminatorSeen = hasDiscriminator || (isSame && this.#discriminatorSeen);
    const subfile = this.#byFile[files[row] ?? 0];
    if (subfile !== undefined && (flag & ROW_IS_LATER_OPERATION) === 0) {
      this.#record(subfile, address, line, isStatement);
    }
    if (address !== this.#lastAddress) {
      this.#statementAtAddress = false;
      this.#lastAddress = address;
    }
    this.#statementAtAddress ||= isStatement;
  }

  #record(subfile: Subfile, address: number, line: number, isStatement: boolean): void {
    const fileChanged = subfile !== this.#lastSubfile;
    const isOvershadowed =
      fileChanged && address === this.#lastAddress && !isStatement && this.#statementAtAddress;
    if (isOvershadowed || line === 0) return;
    if (fileChanged) this.#finish(address);
    // Rows that only tell apart the blocks of one line, by their discriminators, are one entry.
    if (!fileChanged && line === this.#lastLine && this.#discriminatorSeen) return;
    this.#lastSubfile = subfile;
    this.#lastLine = line;
    subfile.entries.push({ address, line, isStatement });
  }

  /** The last file's code ends at an address. */
  #finish(address: number): void {
    const entries = this.#lastSubfile?.entries;
    if (entries === undefined) return;
    let last = entries.at(-1);
    while (last !== undefined && last.address === address) {
      entries.pop();
      if (entries.length === 0) break;
      last = entries.at(-1);
    }
    // gdb looks at the last entry that it saw, removed or not.
    if (last === undefined || last.line === 0) return;
    entries.push({ address, line: 0, isStatement: true });
  }
}
