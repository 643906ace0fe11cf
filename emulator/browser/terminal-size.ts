import type { Lab } from "../lab/index.js";

/** Neither a mistake nor a window nobody can read may reach the guest as a size. */
const LARGEST = 1000;

/** Tells the guest how large its terminal is; a serial line has no way to say so by itself. */
export class TerminalSize {
  readonly #lab: Lab;
  #size: { readonly columns: number; readonly rows: number } | undefined;
  #isNews = false;
  /** Settles when the guest has been told all there is to tell. */
  #telling: Promise<void> | undefined;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  async set(columns: number, rows: number): Promise<void> {
    if (this.#size?.columns === columns && this.#size.rows === rows) return;
    if (![columns, rows].every((n) => Number.isInteger(n) && n > 0 && n <= LARGEST)) return;
    this.#size = { columns, rows };
    await this.tell();
  }

  /** Tells it again, to a guest that went back. */
  tell(): Promise<void> {
    this.#isNews = true;
    this.#telling ??= this.#tellNews().finally(() => {
      this.#telling = undefined;
    });
    return this.#telling;
  }

  async #tellNews(): Promise<void> {
    // While a window is being dragged, only its last size counts.
    while (this.#isNews && this.#size !== undefined) {
      this.#isNews = false;
      const { columns, rows } = this.#size;
      const args = ["-F", "/dev/ttyS0", "cols", String(columns), "rows", String(rows)];
      // A guest that cannot be told is told when it was rescued.
      await this.#lab.run("/bin/stty", { args }).catch(() => undefined);
    }
  }
}
