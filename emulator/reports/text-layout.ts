/** Widths are in UTF-16 units, enough for our texts. */

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
