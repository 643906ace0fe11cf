/**
 * Splits a command line into words as a shell does (POSIX, Shell & Utilities, 2.2 "Quoting"); nothing is
 * expanded.
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  // A word is made of pieces: quoted in one of two ways, a character behind a backslash, or plain.
  const pieces = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)|(.)/gs;
  let word: string | undefined;
  for (const [, single, double, escaped, plain, blank, other] of text.matchAll(pieces)) {
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const inDouble = double?.replace(/\\([$`"\\])/g, "$1");
    word = (word ?? "") + (single ?? inDouble ?? escaped ?? plain ?? other ?? "");
  }
  return word === undefined ? words : [...words, word];
}
