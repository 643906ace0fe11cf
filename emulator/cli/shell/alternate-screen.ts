/** DECSET and DECRST 1049 of xterm's ctlseqs: an editor's own screen, and back. */
const ENTER = "\x1b[?1049h";
export const LEAVE_ALTERNATE_SCREEN = "\x1b[?1049l";

/**
 * Follows whether a program has switched the terminal to its alternate screen, so that
 * nobody is left there when the program is not let to switch back.
 */
export class AlternateScreen {
  #active = false;
  /** The end of what was shown, in which a sequence may have begun. */
  #tail = "";

  get active(): boolean {
    return this.#active;
  }

  shown(output: Uint8Array | string): void {
    const text =
      this.#tail + (typeof output === "string" ? output : new TextDecoder("latin1").decode(output));
    const entered = text.lastIndexOf(ENTER);
    const left = text.lastIndexOf(LEAVE_ALTERNATE_SCREEN);
    if (entered !== left) this.#active = entered > left;
    this.#tail = text.slice(1 - ENTER.length);
  }
}
