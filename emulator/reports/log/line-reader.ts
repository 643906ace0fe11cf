import { LinePrefix } from "./line-prefix.js";
import type { LogLine } from "./log-line.js";
import { NextMatch, NextWord } from "./next-match.js";
import { joinWrapped, mayBeWrapped } from "./wrapped-line.js";

/** Who reads the lines. */
export interface LineSink {
  /** Whether every line is wanted now, or only those that {@link matters}. */
  wantsAll(): boolean;
  /** Whether a message that begins at `at` is wanted in any case; asked for every line. */
  matters(text: string, at: number): boolean;
  /** Words that make a line matter wherever they stand in it. */
  readonly words: readonly string[];
  /** Whether a message says something by itself, so that it is not the rest of the line before. */
  standsAlone(message: string): boolean;
  take(line: LogLine): void;
}

/** The kernel's longest line is 1 KiB, 8 KiB as an extended record. A longer one is cut here. */
const LONGEST_LINE = 16_384;
/** Runs of blanks are cut to this: no message of the kernel has such. */
const LONGEST_BLANKS = 255;

/** Escape sequences, other control characters, and a carriage return within a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be taken out.
const UNCLEAN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?![\r\n])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be taken out.
const ESCAPE_SEQUENCE = /\u001b(?:\[[0-9;?]{0,20}[A-Za-z]|[()][A-Z0-9]|.)?/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be taken out.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
/** The kernel's time, which within a line begins another one that lost its newline. */
const STAMP = /\[ {0,4}\d{1,7}\.\d{6}\]/g;

/**
 * Cuts a log into lines, in pieces as it comes: takes prefixes and control characters off,
 * parts lines that lost the newline between them, and joins those that were wrapped.
 */
export class LineReader {
  readonly #sink: LineSink;
  readonly #prefix = new LinePrefix();
  /** Pieces of a line that has not ended. */
  #pieces: string[] = [];
  #piecesLength = 0;
  #number = 0;
  /** A line whose rest may still come. */
  #held: LogLine | undefined;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Takes more of the text. */
  push(text: string): void {
    const last = text.lastIndexOf("\n");
    if (last < 0) {
      this.#addPiece(text);
      return;
    }
    if (this.#piecesLength === 0) {
      this.#scan(last === text.length - 1 ? text : text.slice(0, last + 1));
    } else {
      const first = text.indexOf("\n");
      this.#addPiece(text.slice(0, first));
      this.#scan(`${this.#takePieces()}\n`);
      if (first < last) this.#scan(text.slice(first + 1, last + 1));
    }
    this.#addPiece(text.slice(last + 1));
  }

  /** Takes a message that came by itself, with its prefixes already apart; it may hold newlines. */
  pushMessage(
    message: string,
    facts: Pick<LogLine, "seconds" | "level" | "caller" | "source">,
  ): void {
    this.#release();
    for (const text of message.split("\n")) {
      this.#number++;
      this.#sink.take({
        ...facts,
        text: shorten(text.slice(0, LONGEST_LINE)),
        first: this.#number,
        last: this.#number,
        prefixed: true,
        width: text.length,
      });
    }
  }

  /** Gives what has been held back: nothing more comes, or not soon. */
  end(): void {
    if (this.#piecesLength > 0) this.#scan(`${this.#takePieces()}\n`);
    this.#release();
  }

  #addPiece(piece: string): void {
    if (piece === "" || this.#piecesLength >= LONGEST_LINE) return;
    this.#pieces.push(piece.slice(0, LONGEST_LINE));
    this.#piecesLength += piece.length;
  }

  #takePieces(): string {
    const line = this.#pieces.join("");
    this.#pieces = [];
    this.#piecesLength = 0;
    return line;
  }

  /** @param text whole lines, each with its newline. */
  #scan(text: string): void {
    const prefix = this.#prefix;
    const sink = this.#sink;
    const unclean = new NextMatch(UNCLEAN, text);
    const stamp = new NextMatch(STAMP, text);
    const words = sink.words.map((word) => new NextWord(word, text));
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#number++;
      let stop = end;
      while (stop > start && text.charCodeAt(stop - 1) === 0x0d) stop--;
      if (this.#held !== undefined || sink.wantsAll() || unclean.isWithin(start, stop)) {
        this.#takeRaw(text.slice(start, stop));
      } else {
        prefix.read(text, start, stop);
        const message = skipBlanks(text, prefix.end, stop);
        const matters =
          (prefix.source !== "program" &&
            (sink.matters(text, message) || words.some((word) => word.isWithin(message, stop)))) ||
          stamp.isWithin(message, stop);
        if (matters) this.#takeRaw(text.slice(start, stop));
      }
      start = end + 1;
    }
  }

  /** Takes a line as it stands in the log. */
  #takeRaw(raw: string): void {
    const cut = raw.length > LONGEST_LINE ? raw.slice(0, LONGEST_LINE) : raw;
    const clean = cut.replace(ESCAPE_SEQUENCE, "");
    for (const piece of clean.split("\r")) {
      if (piece === "" && clean !== "") continue;
      this.#takePiece(piece.replace(CONTROL, ""));
    }
  }

  /** Takes a line, or one of several that lost the newline between them. */
  #takePiece(piece: string): void {
    let rest = piece;
    for (;;) {
      this.#prefix.read(rest, 0, rest.length);
      STAMP.lastIndex = this.#prefix.end;
      const next = STAMP.exec(rest);
      if (next === null || next.index === 0) break;
      const before = rest.slice(0, next.index);
      // What has no prefix of its own is one: of a prompt, or of whatever recorded the console.
      if (this.#prefix.found || before.includes("printk messages dropped")) this.#takeLine(before);
      rest = rest.slice(next.index);
    }
    this.#takeLine(rest);
  }

  #takeLine(raw: string): void {
    const prefix = this.#prefix;
    prefix.read(raw, 0, raw.length);
    const line: LogLine = {
      text: shorten(raw.slice(prefix.end)),
      first: this.#number,
      last: this.#number,
      seconds: prefix.seconds,
      level: prefix.level,
      caller: prefix.caller,
      source: prefix.source,
      prefixed: prefix.found,
      width: raw.length,
    };
    const held = this.#held;
    if (held !== undefined) {
      const joined = joinWrapped(held, line, (message) => this.#sink.standsAlone(message));
      if (joined !== undefined) {
        this.#held = joined;
        return;
      }
      this.#release();
    }
    // While nothing is being read, only what begins something is worth waiting for.
    const wanted = this.#sink.wantsAll() || this.#sink.matters(line.text.trimStart(), 0);
    if (wanted && mayBeWrapped(line)) this.#held = line;
    else this.#sink.take(line);
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#sink.take(held);
  }
}

/** Without blanks at the end, and with no more in a row than expressions can bear. */
function shorten(text: string): string {
  const trimmed = text.trimEnd();
  if (trimmed.length <= LONGEST_BLANKS) return trimmed;
  return trimmed.replace(/\s{256,}/g, " ".repeat(LONGEST_BLANKS));
}

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at++;
  return at;
}
