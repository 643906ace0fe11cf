/** Puts text into the width of a terminal. Widths are in UTF-16 units, enough for our texts. */

/** Breaks prose at blanks. */
export function wrapProse(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/**
 * Breaks a line that is too long, at a blank if there is one, and indents what follows by
 * `hanging` columns so that one sees that it belongs together.
 */
export function wrapLine(line: string, width: number | undefined, hanging: number): string[] {
  if (width === undefined || line.length <= width || width <= hanging * 2) return [line];
  const blank = line.lastIndexOf(" ", width);
  const end = blank > hanging ? blank : width;
  const rest = line.slice(end).trimStart();
  return [line.slice(0, end), ...wrapLine(" ".repeat(hanging) + rest, width, hanging)];
}

/**
 * Makes control characters visible, as `cat -v` does, all but the tab: text that a module
 * printed must not move the cursor of the person who reads it. Those from 0x80 on are control
 * characters, too, for a terminal (ECMA-48, 5.3: 0x9b is as good as ESC and "[").
 */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, (character) => {
    const code = character.charCodeAt(0);
    if (code >= 0x80) return `M-^${String.fromCharCode(code - 0x40)}`;
    return code === 0x7f ? "^?" : `^${String.fromCharCode(code + 0x40)}`;
  });
}

/** Milliseconds as a person reads them: `143 ms`, `2.1 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
