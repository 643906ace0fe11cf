import { absorbs } from "./absorb.js";
import { Draft, isBodyLine } from "./draft/draft.js";
import { finishReport } from "./draft/finish.js";
import { familyOfFile, isCarried } from "./kinds/by-file.js";
import {
  BEHIND_NAME,
  type FirstLineMatch,
  matchFirstLine,
  mayBeFirstLine,
} from "./kinds/first-lines.js";
import { guessFamily, mayBeBody } from "./kinds/headless.js";
import { LinePrefix } from "./log/line-prefix.js";
import type { LogLine } from "./log/log-line.js";
import { joinWrapped, mayBeWrapped } from "./log/wrapped-line.js";
import type { Report, ReportArch, ReportKind } from "./report.js";

/** One message of the kernel's log; a {@link KernelRecord} of the console is one. */
export interface LogRecord {
  /** May hold newlines. */
  readonly text: string;
  /** Since boot. */
  readonly seconds?: number;
  readonly level?: number;
  /** `T123` for a task, `C0` for a processor. */
  readonly caller?: string;
  /** As in syslog(3): 0 is the kernel, everything else a program that wrote to /dev/kmsg. */
  readonly facility?: number;
  /** Messages that were lost in front of this one. */
  readonly missing?: number;
}

/** What is known of a report as soon as its first line is there. */
export interface ReportBeginning {
  /** A line that follows may tell more: a `kernel BUG` may turn out as a usercopy. */
  readonly kind: ReportKind;
  readonly message: string;
  readonly seconds: number | undefined;
  /** Counting from 1. */
  readonly line: number;
}

export interface ReportStreamOptions {
  /** Called as soon as the first line of a report is there. */
  readonly onBegin?: (beginning: ReportBeginning) => void;
}

/** The kernel's longest line is 1 KiB, 8 KiB as an extended record. A longer one is cut here. */
const LONGEST_LINE = 16_384;
/** Runs of blanks are cut to this. */
const LONG_BLANKS = 256;
/** Reports that are read at a time, each of another task or processor. */
const MOST_OPEN = 16;
/** Lines that belong to nothing after which a report is over: with its end seen, and without. */
const PATIENCE_AFTER_END = 4;
const PATIENCE = 30;
/** Programs fill the log between two lines of the kernel as they like. */
const PATIENCE_WITH_PROGRAMS = 400;
/** Silence, in seconds, after which a report is over: with its end seen, and without. */
const SILENCE_AFTER_END = 5;
const SILENCE = 30;

/** Escape sequences, other control characters, and a carriage return within a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be taken out.
const UNCLEAN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?![\r\n])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be taken out.
const ESCAPE_SEQUENCE = /\u001b(?:\[[0-9;?]{0,20}[A-Za-z]|[()][A-Z0-9]|.)?/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be taken out.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
/** The kernel's time, where it can only be the start of another line that lost its newline. */
const STAMP = /\[ {0,4}\d{1,7}\.\d{6}\]/g;

interface Open {
  readonly draft: Draft;
  readonly callers: Set<string>;
  /** Its lines have prefixes, so that one without was written by somebody else. */
  readonly prefixed: boolean;
  unknown: number;
  programs: number;
  seconds: number | undefined;
  begun: boolean;
}

/**
 * Finds the reports in a kernel log as it comes, in pieces of text or as records. What it keeps
 * is bounded, whatever comes in.
 */
export class ReportStream {
  readonly #onBegin: ((beginning: ReportBeginning) => void) | undefined;
  readonly #prefix = new LinePrefix();
  /** Pieces of a line that has not ended. */
  #pieces: string[] = [];
  #piecesLength = 0;
  #number = 0;
  #held: LogLine | undefined;
  #open: Open[] = [];
  #kernel: string | undefined;
  #arch: ReportArch | undefined;
  #finished: Report[] = [];

  constructor({ onBegin }: ReportStreamOptions = {}) {
    this.#onBegin = onBegin;
  }

  /** Takes more of the log, and gives the reports that are over by now. */
  push(input: string | LogRecord): Report[] {
    if (typeof input === "string") this.#pushText(input);
    else this.#pushRecord(input);
    return this.#takeFinished();
  }

  /**
   * Nothing more comes, or nothing has come for so long that what is there is all: gives the
   * reports that were being read. The stream can be used on.
   */
  end(): Report[] {
    if (this.#piecesLength > 0) this.#scan(`${this.#takePieces("")}\n`);
    this.#release();
    for (const open of [...this.#open]) this.#finish(open, true);
    return this.#takeFinished();
  }

  #takeFinished(): Report[] {
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }

  #pushText(input: string): void {
    const last = input.lastIndexOf("\n");
    if (last < 0) {
      this.#addPiece(input);
      return;
    }
    if (this.#piecesLength === 0) {
      this.#scan(last === input.length - 1 ? input : input.slice(0, last + 1));
    } else {
      const first = input.indexOf("\n");
      this.#scan(`${this.#takePieces(input.slice(0, first))}\n`);
      if (first < last) this.#scan(input.slice(first + 1, last + 1));
    }
    this.#addPiece(input.slice(last + 1));
  }

  #addPiece(piece: string): void {
    if (piece === "" || this.#piecesLength >= LONGEST_LINE) return;
    this.#pieces.push(piece.slice(0, LONGEST_LINE));
    this.#piecesLength += piece.length;
  }

  #takePieces(rest: string): string {
    this.#addPiece(rest);
    const line = this.#pieces.join("");
    this.#pieces = [];
    this.#piecesLength = 0;
    return line;
  }

  #pushRecord(record: LogRecord): void {
    this.#release();
    const source = (record.facility ?? 0) === 0 ? "kernel" : "program";
    if ((record.missing ?? 0) > 0) {
      for (const { draft } of this.#open) draft.dropped += record.missing ?? 0;
    }
    for (const text of record.text.split("\n")) {
      this.#number++;
      this.#process({
        text: text.slice(0, LONGEST_LINE).trimEnd(),
        first: this.#number,
        last: this.#number,
        seconds: record.seconds,
        level: record.level,
        caller: record.caller,
        source,
        prefixed: true,
        width: text.length,
      });
    }
  }

  /** @param text whole lines, each with its newline. */
  #scan(text: string): void {
    const prefix = this.#prefix;
    const unclean = new NextMatch(UNCLEAN, text);
    const stamp = new NextMatch(STAMP, text);
    const names = BEHIND_NAME.map((name) => new NextWord(name, text));
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#number++;
      let stop = end;
      while (stop > start && text.charCodeAt(stop - 1) === 0x0d) stop--;
      if (this.#open.length > 0 || this.#held !== undefined || unclean.isWithin(start, stop)) {
        this.#takeRaw(text.slice(start, stop));
      } else {
        prefix.read(text, start, stop);
        const message = skipBlanks(text, prefix.end, stop);
        const interesting =
          (prefix.source !== "program" &&
            (mayBeFirstLine(text, message) ||
              mayBeBody(text, message) ||
              text.startsWith("Linux version ", message) ||
              names.some((name) => name.isWithin(message, stop)))) ||
          stamp.isWithin(message, stop);
        if (interesting) this.#takeRaw(text.slice(start, stop));
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
      if (next === null) break;
      // What has no prefix of its own is one: of a terminal's prompt, or of whatever recorded it.
      const before = rest.slice(0, next.index);
      if (this.#prefix.found || before.includes("printk messages dropped")) this.#takeLine(before);
      rest = rest.slice(next.index);
      if (next.index === 0) break;
    }
    this.#takeLine(rest);
  }

  #takeLine(raw: string): void {
    const prefix = this.#prefix;
    prefix.read(raw, 0, raw.length);
    const text = raw.slice(prefix.end).trimEnd();
    const line: LogLine = {
      // No message of the kernel has such; expressions with more than one `\s*` would take long.
      text: text.length > LONG_BLANKS ? text.replace(/\s{256,}/g, " ".repeat(255)) : text,
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
      const joined = joinWrapped(held, line, (message) => this.#standsForItself(message));
      if (joined !== undefined) {
        this.#held = joined;
        return;
      }
      this.#release();
    }
    if (mayBeWrapped(line)) this.#held = line;
    else this.#process(line);
  }

  #standsForItself(message: string): boolean {
    if (matchFirstLine(message.trimStart()) !== undefined) return true;
    return isBodyLine(message) || this.#open.some(({ draft }) => draft.isFamiliar(message));
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#process(held);
  }

  #process(line: LogLine): void {
    this.#closeSilent(line);
    if (line.source === "program") {
      this.#countForeign();
      return;
    }
    const text = line.text.trimStart();
    if (text.startsWith("Linux version ")) {
      for (const open of [...this.#open]) this.#finish(open, true);
      this.#kernel = text.split(" ", 3)[2];
    }
    const open = this.#openFor(line);
    const match = matchFirstLine(text);
    if (match !== undefined) {
      this.#takeFirstLine(line, match, open);
      return;
    }
    if (open !== undefined) this.#takeBody(line, open);
    else if (mayBeBody(text, 0)) this.#takeBody(line, this.#start(line));
  }

  #takeFirstLine(line: LogLine, match: FirstLineMatch, before: Open | undefined): void {
    let open = before;
    if (open !== undefined && !absorbs(open.draft, match)) {
      // A report that begins within another's: the rest of that one is found by its BUG() or WARN().
      if (isBare(open.draft)) this.#open = this.#open.filter((other) => other !== open);
      else this.#finish(open, false);
      open = undefined;
    }
    open ??= this.#start(line);
    if (open.draft.headerOver) open.draft.headerOver = false;
    open.draft.takeFirstLine(line, match);
    this.#touch(open, line);
    if (open.begun || match.firstLine.role === "opening") return;
    open.begun = true;
    this.#onBegin?.({
      kind: match.family.kind,
      message: open.draft.message,
      seconds: line.seconds,
      line: line.first,
    });
  }

  #takeBody(line: LogLine, open: Open): void {
    const whole = line.caller !== undefined && open.callers.has(line.caller);
    const foreign = open.prefixed && !line.prefixed;
    if (open.draft.take(foreign ? { ...line, source: "program" } : line, whole)) {
      this.#touch(open, line);
      return;
    }
    if (line.text.trim() === "") return;
    if (foreign) open.programs++;
    else open.unknown++;
    const over = this.#isOver(open);
    const patience = over ? PATIENCE_AFTER_END : PATIENCE;
    const soon = foreign && over ? PATIENCE : PATIENCE_WITH_PROGRAMS;
    if (open.unknown > patience || open.programs > soon) this.#finish(open, false);
  }

  #touch(open: Open, line: LogLine): void {
    open.unknown = 0;
    open.programs = 0;
    // The clocks of processors differ: that of a stalled one stands still.
    open.seconds = Math.max(line.seconds ?? 0, open.seconds ?? 0);
    if (line.caller !== undefined) open.callers.add(line.caller);
  }

  #start(line: LogLine): Open {
    const oldest = this.#open[0];
    if (this.#open.length >= MOST_OPEN && oldest !== undefined) this.#finish(oldest, false);
    const open: Open = {
      draft: new Draft(line.first),
      callers: new Set(line.caller === undefined ? [] : [line.caller]),
      prefixed: line.prefixed,
      unknown: 0,
      programs: 0,
      seconds: line.seconds,
      begun: false,
    };
    this.#open.push(open);
    return open;
  }

  /** The report that a line of the kernel belongs to, if it belongs to any. */
  #openFor(line: LogLine): Open | undefined {
    const latest = this.#open.at(-1);
    const { caller } = line;
    if (caller === undefined) return latest;
    const own = this.#open.findLast(({ callers }) => callers.has(caller));
    if (own !== undefined) return own;
    const withoutCaller = this.#open.findLast(({ callers }) => callers.size === 0);
    if (withoutCaller !== undefined) return withoutCaller;
    // A processor prints its own stack when another one asks it to by an NMI.
    return /^\s*NMI backtrace for cpu \d/.test(line.text) ? latest : undefined;
  }

  #countForeign(): void {
    for (const open of [...this.#open]) {
      open.programs++;
      const over = this.#isOver(open);
      if (open.programs > (over ? PATIENCE : PATIENCE_WITH_PROGRAMS)) this.#finish(open, false);
    }
  }

  #closeSilent({ seconds }: LogLine): void {
    if (seconds === undefined) return;
    for (const open of [...this.#open]) {
      if (open.seconds === undefined) continue;
      const silence = seconds - open.seconds;
      const bound = silence > SILENCE_AFTER_END && this.#isOver(open) ? SILENCE_AFTER_END : SILENCE;
      if (silence > bound) this.#finish(open, false);
    }
  }

  #isOver({ draft }: Open): boolean {
    if (draft.endTrace) return true;
    const isOver = draft.telling?.family.isOver;
    if (isOver === undefined) return false;
    return isOver({
      groups: draft.telling?.groups ?? {},
      message: draft.message,
      text: draft.lastLines,
      frames: draft.frames,
      registers: new Map(),
      culprit: undefined,
      endTrace: draft.endTrace,
      panicked: draft.panicked,
      separators: draft.separators,
      hasCpuLine: draft.cpuLines.length > 0,
      hasRegisters: draft.blocks.length > 0,
    });
  }

  #finish(open: Open, logEnded: boolean): void {
    this.#open = this.#open.filter((other) => other !== open);
    const { draft } = open;
    const { telling } = draft;
    // An oops always has a line of its own in front of this one: show_fault_oops().
    const oopsOnly = telling?.firstLine.role === "vehicle" && telling.family.kind === "page-fault";
    const headless = telling === undefined || telling.firstLine.role === "opening" || oopsOnly;
    const known = oopsOnly ? telling.family : undefined;
    const carrier = telling?.firstLine.role === "vehicle" ? telling.groups.file : undefined;
    const family = headless
      ? (guessFamily(draft) ?? known)
      : (familyOfFile(carrier) ?? telling.family);
    if (family === undefined) return;
    const ending = { family, headless, kernel: this.#kernel, arch: this.#arch, logEnded };
    const report = finishReport(draft, ending);
    this.#arch = report.arch;
    this.#finished.push(report);
  }
}

/** Whether nothing has come but the telling line of a report that a BUG() or WARN() carries. */
function isBare(draft: Draft): boolean {
  const { telling } = draft;
  return telling !== undefined && isCarried(telling.family) && !draft.headerOver;
}

/** Finds the reports in a log. */
export function findReports(log: string): Report[] {
  const stream = new ReportStream();
  return [...stream.push(log), ...stream.end()];
}

/** Where an expression matches next, looked up once for many short stretches of a text. */
class NextMatch {
  readonly #pattern: RegExp;
  readonly #text: string;
  #from = 0;
  /** Behind the match that is next from `#from`. */
  #end = -1;

  constructor(pattern: RegExp, text: string) {
    this.#pattern = pattern;
    this.#text = text;
  }

  /** Whether a match that lies behind `start` ends by `end`. */
  isWithin(start: number, end: number): boolean {
    if (this.#end < 0 || this.#end < start + 1 || this.#from > start) this.#search(start);
    return this.#end <= end;
  }

  #search(start: number): void {
    this.#from = start;
    this.#pattern.lastIndex = start;
    this.#end = this.#pattern.test(this.#text) ? this.#pattern.lastIndex : Number.MAX_SAFE_INTEGER;
  }
}

/** The same for a literal. */
class NextWord {
  readonly #word: string;
  readonly #text: string;
  #next: number;

  constructor(word: string, text: string) {
    this.#word = word;
    this.#text = text;
    this.#next = find(text, word, 0);
  }

  isWithin(start: number, end: number): boolean {
    if (this.#next < start) this.#next = find(this.#text, this.#word, start);
    return this.#next < end;
  }
}

function find(text: string, word: string, from: number): number {
  const at = text.indexOf(word, from);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at++;
  return at;
}
