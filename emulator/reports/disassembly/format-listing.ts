import { relativeToKernelTree } from "../../debuginfo/kernel-tree-path.js";
import type { InstructionRow, ListingRow } from "./listing.js";
import { formatOperandValues } from "./operand-values.js";

/** What stands in front of the trapping instruction, as objdump users mark it by hand. */
const MARK = "=> ";
const NO_MARK = "   ";
/** Room for seven bytes: most instructions. */
const BYTE_COLUMNS = 7 * 3;

/** A listing as lines of text, without colours. */
export function formatListing(rows: readonly ListingRow[]): string[] {
  const instructions = rows.filter((row) => row.kind === "instruction");
  const width = Math.max(0, ...instructions.map((row) => formatPlace(row).length));
  return rows.map((row) => formatRow(row, width));
}

function formatRow(row: ListingRow, width: number): string {
  switch (row.kind) {
    case "function":
      return `${row.functions.map((name) => `${name}()`).join(" inlined into ")}:`;
    case "source":
      return `${relativeToKernelTree(row.file)}:${row.line}:${row.text === undefined ? "" : ` ${row.text}`}`;
    case "instruction":
      return formatInstruction(row, width);
  }
}

function formatInstruction(row: InstructionRow, width: number): string {
  const bytes = Array.from(row.bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const values = row.values === undefined ? "" : formatOperandValues(row.values);
  const remarks = [row.meaning, values].filter((remark) => remark !== undefined && remark !== "");
  const code = row.reference === undefined ? row.text : `${row.text.padEnd(6)} <${row.reference}>`;
  const text = `${code}${remarks.length === 0 ? "" : `   ${remarks.join("; ")}`}`;
  const mark = row.trapping ? MARK : NO_MARK;
  return `${mark}${formatPlace(row).padEnd(width)}  ${bytes.padEnd(BYTE_COLUMNS)} ${text}`;
}

/** `hello_write+0x27`, or the address where no symbol is known. */
function formatPlace({ symbol, offset, address }: InstructionRow): string {
  if (symbol !== undefined && offset !== undefined) return `${symbol}+0x${offset.toString(16)}`;
  return address === undefined ? "" : address.toString(16);
}
