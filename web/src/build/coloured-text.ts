/** A piece of text in one look. */
export interface ColouredPiece {
  readonly text: string;
  readonly isBold: boolean;
  /** The terminal's colour; undefined for the text's own. */
  readonly colour: Colour | undefined;
}

export const COLOURS = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
] as const;
export type Colour = (typeof COLOURS)[number] | `bright-${(typeof COLOURS)[number]}`;

/**
 * An SGR sequence (ECMA-48, 8.3.117), which is what compilers colour with; or another escape
 * sequence or control character, which has no place in a text and is left out.
 */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
  /\x1b\[(?<codes>[\d;]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^[]?|[\x00-\x08\x0b-\x1f\x7f]/g;

/** Splits what a program wrote for a terminal into pieces of one look each. */
export function colouredPieces(written: string): ColouredPiece[] {
  const pieces: ColouredPiece[] = [];
  let look: Omit<ColouredPiece, "text"> = PLAIN;
  let end = 0;
  const add = (text: string): void => {
    const last = pieces.at(-1);
    if (text === "") return;
    if (last !== undefined && last.isBold === look.isBold && last.colour === look.colour) {
      pieces[pieces.length - 1] = { ...last, text: last.text + text };
    } else pieces.push({ text, ...look });
  };
  for (const match of written.matchAll(SEQUENCE)) {
    add(written.slice(end, match.index));
    end = match.index + match[0].length;
    const codes = match.groups?.codes;
    if (codes !== undefined) look = codes.split(";").map(Number).reduce(lookAfter, look);
  }
  add(written.slice(end));
  return pieces;
}

const PLAIN: Omit<ColouredPiece, "text"> = { isBold: false, colour: undefined };

function lookAfter(look: typeof PLAIN, code: number): typeof PLAIN {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...look, isBold: true };
  if (code === 22) return { ...look, isBold: false };
  if (code === 39) return { ...look, colour: undefined };
  const dark = COLOURS[code - 30];
  if (dark !== undefined) return { ...look, colour: dark };
  const bright = COLOURS[code - 90];
  return bright === undefined ? look : { ...look, colour: `bright-${bright}` };
}
