import { DwarfError } from "./dwarf-error.js";

/**
 * How many times over one look-up, or one walk through all functions, may read the bytes of
 * the debug sections. What compilers write is read once or twice. In a hostile file ten
 * thousand units can share one line program, or one list of ranges, and cost ten thousand
 * times its size.
 */
const READS_PER_BYTE = 16;
/** For small files: about a tenth of a second. */
const SMALLEST_BUDGET = 16 * 2 ** 20;

/** Bounds the work that one question to a file of debug information takes. */
export class WorkBudget {
  #limit = SMALLEST_BUDGET;
  #spent = 0;

  /** A section was loaded. */
  allow(sectionBytes: number): void {
    this.#limit += READS_PER_BYTE * sectionBytes;
  }

  /** A new question begins. */
  refill(): void {
    this.#spent = 0;
  }

  /**
   * @param bytes that are about to be read, or entries that take about as much work.
   * @throws DwarfError when the question has taken too much.
   */
  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent > this.#limit) {
      throw new DwarfError(
        "limit-exceeded",
        "The debug information refers to itself so often that reading it would take too long.",
      );
    }
  }
}
