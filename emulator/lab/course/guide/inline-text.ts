/** A run of a text: code, or words. */
export interface TextRun {
  readonly text: string;
  readonly isCode: boolean;
}

/** Splits a text at its backquotes, between which stands code. */
export function textRuns(text: string): TextRun[] {
  return text
    .split("`")
    .map((part, index) => ({ text: part, isCode: index % 2 === 1 }))
    .filter(({ text }) => text !== "");
}
