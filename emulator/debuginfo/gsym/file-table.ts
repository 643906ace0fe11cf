import type { FunctionRecord, InlinedCall } from "../function-record.js";
import type { ByteWriter } from "./byte-writer.js";
import type { StringTable } from "./string-table.js";

/** What the records say where a file is not known. */
export const UNKNOWN_FILE = "??";

/**
 * Numbers the files, the most used ones first: numbers below 128 take one byte. What is not
 * known has a number with empty names, too: LLVM finds no row that has number 0.
 */
export class FileTable {
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(functions: readonly FunctionRecord[]) {
    const uses = new Map([[UNKNOWN_FILE, 0]]);
    const use = (file: string): void => {
      uses.set(file, (uses.get(file) ?? 0) + 1);
    };
    const useCalls = (calls: readonly InlinedCall[]): void => {
      for (const call of calls) {
        use(call.callFile);
        useCalls(call.inlined);
      }
    };
    for (const { rows, inlined } of functions) {
      rows.forEach(({ file }, index) => {
        if (file !== rows[index - 1]?.file) use(file);
      });
      useCalls(inlined);
    }
    const byUse = [...uses].sort(([, a], [, b]) => b - a);
    this.#numbers = new Map(byUse.map(([file], index) => [file, index + 1]));
  }

  numberOf(file: string): number {
    return this.#numbers.get(file) ?? 0;
  }

  /** Writes the count and, for each file, the offsets of its folder and of its name. */
  write(writer: ByteWriter, strings: StringTable): void {
    writer.u32(this.#numbers.size + 1);
    writer.u32(0);
    writer.u32(0);
    for (const path of this.#numbers.keys()) {
      const file = path === UNKNOWN_FILE ? "" : path;
      const slash = file.lastIndexOf("/");
      // A file in the root folder would lose its slash, and come back as a relative name.
      const folder = slash > 0 ? file.slice(0, slash) : "";
      writer.u32(strings.offsetOf(folder));
      writer.u32(strings.offsetOf(folder === "" ? file : file.slice(slash + 1)));
    }
  }
}
