/** The looks that the command uses, by what they stand for on most terminals. */
export type Look = "bold" | "dim" | "red" | "green" | "yellow" | "blue";

export type Style = (look: Look, text: string) => string;

/** "Select Graphic Rendition", ECMA-48 8.3.117: what switches a look on and off. */
const CODES: Readonly<Record<Look, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
};

/** Colours for a stream that shows them, and plain text for every other. */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  if (!showsColours(stream, env)) return (_look, text) => text;
  return (look, text) => {
    const [on, off] = CODES[look];
    return text === "" ? "" : `\x1b[${on}m${text}\x1b[${off}m`;
  };
}

/**
 * FORCE_COLOR decides if it is set, as in Node's own tools; then NO_COLOR, set to anything
 * (https://no-color.org); then whether somebody sits in front of the stream.
 */
export function showsColours(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return stream.isTTY === true && TERM !== "dumb";
}
