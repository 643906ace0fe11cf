/** A piece of a sentence: prose, or code that stood between backquotes. */
export interface SentencePiece {
  readonly isCode: boolean;
  readonly text: string;
}

/** Takes a sentence apart at its backquotes; one that is never closed stays as it is. */
export function splitCode(sentence: string): SentencePiece[] {
  const parts = sentence.split("`");
  const isOpen = parts.length % 2 === 0;
  const rest = isOpen ? parts.splice(-2).join("`") : undefined;
  if (rest !== undefined) parts.push(rest);
  return parts
    .map((text, index) => ({ isCode: index % 2 === 1, text }))
    .filter(({ text }) => text !== "");
}
