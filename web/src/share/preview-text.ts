import { visibleText } from "../files/file-name.js";

/** What is drawn at once, in characters; more would keep the page from answering. */
const MOST_SHOWN = 64 * 1024;

export interface PreviewText {
  readonly text: string;
  /** There is more of it than `text`. */
  readonly isCut: boolean;
  /** Some of it would not be seen, or would turn the direction of what is. */
  readonly hasHidden: boolean;
}

/** A text from anybody, as it can be shown so that nothing of it hides. */
export function previewText(text: string): PreviewText {
  const start = text.slice(0, MOST_SHOWN).replaceAll("\r\n", "\n");
  const shown = visibleText(start);
  return { text: shown, isCut: text.length > MOST_SHOWN, hasHidden: shown !== start };
}
