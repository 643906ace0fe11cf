import type { TerminalToken } from "./terminal-tokens.js";

/** Of a line that never ends, so much is kept. */
const LONGEST_LINE = 4096;

/**
 * The line that a terminal's cursor is in. A shell that wraps a line at the terminal's width
 * writes a break of its own there, and moves between the rows when the line is edited.
 */
export class EditedLine {
  #rows: string[] = [""];
  #row = 0;
  #column = 0;

  get text(): string {
    return this.#rows.join("");
  }

  get isEmpty(): boolean {
    return this.#rows.length === 1 && this.#rows[0] === "" && this.#column === 0;
  }

  clear(): void {
    this.#rows = [""];
    this.#row = 0;
    this.#column = 0;
  }

  write(text: string): void {
    const row = this.#current;
    if (row.length + text.length > LONGEST_LINE) return;
    const before = row.slice(0, this.#column).padEnd(this.#column);
    this.#column += text.length;
    this.#rows[this.#row] = before + text + row.slice(this.#column);
  }

  /** Goes on in the next row, which is still the same line. */
  wrap(): void {
    this.#moveTo(this.#row + 1, 0);
  }

  carriageReturn(): void {
    this.#column = 0;
  }

  backspace(): void {
    this.#moveTo(this.#row, this.#column - 1);
  }

  /** Control sequences that move and erase, ECMA-48, 8.3; what else there is changes no text. */
  apply({ final, parameter }: TerminalToken & { kind: "sequence" }): void {
    const count = Math.min(Math.max(parameter ?? 1, 1), LONGEST_LINE);
    const row = this.#current;
    switch (final) {
      case "A":
        this.#moveTo(this.#row - count, this.#column);
        break;
      case "B":
        this.#moveTo(Math.min(this.#row + count, this.#rows.length - 1), this.#column);
        break;
      case "C":
        this.#moveTo(this.#row, this.#column + count);
        break;
      case "D":
        this.#moveTo(this.#row, this.#column - count);
        break;
      case "G":
        this.#moveTo(this.#row, count - 1);
        break;
      case "H":
        this.clear();
        break;
      case "J":
        this.#rows.splice(this.#row + 1);
        this.#rows[this.#row] = row.slice(0, this.#column);
        break;
      case "K":
        this.#rows[this.#row] = row.slice(0, this.#column);
        break;
      case "P":
        this.#rows[this.#row] = row.slice(0, this.#column) + row.slice(this.#column + count);
        break;
      case "@":
        this.#rows[this.#row] =
          row.slice(0, this.#column) + " ".repeat(count) + row.slice(this.#column);
        break;
    }
  }

  get #current(): string {
    return this.#rows[this.#row] ?? "";
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.min(Math.max(row, 0), this.#rows.length);
    if (this.#row === this.#rows.length) this.#rows.push("");
    this.#column = Math.min(Math.max(column, 0), LONGEST_LINE);
  }
}
