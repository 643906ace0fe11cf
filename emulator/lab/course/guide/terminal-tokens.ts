/** A piece of what a terminal is sent: ECMA-48, as shells and gdb use it. */
export type TerminalToken =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "control"; readonly code: "\r" | "\n" | "\b" }
  /** CSI, with its final byte and its first parameter, where it has one. */
  | { readonly kind: "sequence"; readonly final: string; readonly parameter: number | undefined };

/**
 * At the place where it is tried: text, a CSI sequence, a string such as a window's title
 * (OSC and its kin, ended by BEL or ST), another escape sequence, a control character.
 */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
  /(?<text>[^\x00-\x08\x0a-\x1f\x7f]+)|\x1b\[(?<parameters>[0-?]*)[ -/]*(?<final>[@-~])|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-OQ-WYZ\\`-~]|(?<control>[\x00-\x1a\x1c-\x1f\x7f])/y;

/** The longest sequence that is waited for: what is longer is none. */
const LONGEST_SEQUENCE = 1024;

/** Splits a terminal's output into tokens, wherever the chunks are cut. */
export class TerminalTokenizer {
  #pending = "";

  /** Whether it waits for the rest of a sequence. */
  get isWaiting(): boolean {
    return this.#pending !== "";
  }

  push(chunk: string): TerminalToken[] {
    const input = this.#pending + chunk;
    this.#pending = "";
    const tokens: TerminalToken[] = [];
    let position = 0;
    while (position < input.length) {
      TOKEN.lastIndex = position;
      const match = TOKEN.exec(input);
      if (match === null) {
        // An escape sequence that is not over, or none at all.
        if (input.length - position <= LONGEST_SEQUENCE) {
          this.#pending = input.slice(position);
          break;
        }
        position++;
        continue;
      }
      position = TOKEN.lastIndex;
      const { text, parameters, final, control } = match.groups ?? {};
      if (text !== undefined) tokens.push({ kind: "text", text });
      else if (final !== undefined) {
        const first = Number.parseInt(parameters ?? "", 10);
        const parameter = Number.isNaN(first) ? undefined : first;
        tokens.push({ kind: "sequence", final, parameter });
      } else if (control === "\r" || control === "\n" || control === "\b") {
        tokens.push({ kind: "control", code: control });
      }
    }
    return tokens;
  }
}
