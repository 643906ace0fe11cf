import type { IBuffer, IBufferRange, ILink, ILinkProvider, Terminal } from "@xterm/xterm";
import type { SourceTarget } from "../lab-store.js";
import { findSourceLinks, folderOfPrompt, resolveSourceLink } from "./source-links.js";

/** Rows that one line of text may take; a flood without a newline is no line of text. */
const MOST_ROWS = 20;
/** How far from a link a prompt is looked for. */
const MOST_ROWS_TO_PROMPT = 2000;

/** Makes places in sources, as they stand in the terminal's text, links. */
export class SourceLinkProvider implements ILinkProvider {
  readonly #terminal: Terminal;
  readonly #show: (target: SourceTarget) => void;

  constructor(terminal: Terminal, show: (target: SourceTarget) => void) {
    this.#terminal = terminal;
    this.#show = show;
  }

  /** @param row from 1, as xterm.js counts here */
  provideLinks(row: number, callback: (links: ILink[] | undefined) => void): void {
    const buffer = this.#terminal.buffer.active;
    const columns = this.#terminal.cols;
    const { first, text } = lineAround(buffer, row - 1);
    const links = findSourceLinks(text).map((link): ILink => {
      const range = rangeOf(first, link.start, link.end, columns);
      return {
        range,
        text: text.slice(link.start, link.end),
        activate: () => this.#show(resolveSourceLink(link, folderAround(buffer, first))),
      };
    });
    callback(links.filter(({ range }) => range.start.y <= row && row <= range.end.y));
  }
}

/** The whole line of text that a row is part of; rows are counted from 0. */
function lineAround(buffer: IBuffer, row: number): { first: number; text: string } {
  let first = row;
  while (buffer.getLine(first)?.isWrapped && row - first < MOST_ROWS) first--;
  let text = "";
  for (let next = first; next - first < MOST_ROWS; next++) {
    const line = buffer.getLine(next);
    if (line === undefined || (next > first && !line.isWrapped)) break;
    // Not trimmed: so each row takes as many characters as the terminal has columns.
    text += line.translateToString(false);
  }
  return { first, text };
}

function rangeOf(firstRow: number, start: number, end: number, columns: number): IBufferRange {
  const at = (index: number) => ({
    x: (index % columns) + 1,
    y: firstRow + Math.floor(index / columns) + 1,
  });
  return { start: at(start), end: at(end - 1) };
}

/** The shell's folder when a row was written: by the prompt above, or else the next one below. */
function folderAround(buffer: IBuffer, row: number): string | undefined {
  for (const step of [-1, 1]) {
    for (let at = row; Math.abs(at - row) < MOST_ROWS_TO_PROMPT; at += step) {
      const line = buffer.getLine(at);
      if (line === undefined) break;
      const folder = folderOfPrompt(line.translateToString(true));
      if (folder !== undefined) return folder;
    }
  }
  return undefined;
}
