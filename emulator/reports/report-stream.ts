import { absorbs } from "./absorb.js";
import { Draft } from "./draft/draft.js";
import { isBodyLine } from "./draft/familiar-lines.js";
import { finishReport } from "./draft/finish.js";
import { familyOfFile, isCarried } from "./kinds/by-file.js";
import {
  BEHIND_NAME,
  type FirstLineMatch,
  matchFirstLine,
  mayBeFirstLine,
} from "./kinds/first-lines.js";
import { guessFamily, mayBeBody } from "./kinds/headless.js";
import { lockdep } from "./kinds/lockdep.js";
import { LineReader } from "./log/line-reader.js";
import type { LogLine } from "./log/log-line.js";
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

/** The boot's first message. */
const VERSION = "Linux version ";
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

interface Open {
  readonly draft: Draft;
  readonly callers: Set<string>;
  /** Its lines have prefixes, so that one without was written by somebody else. */
  readonly prefixed: boolean;
  /** Blanks in front of each line, where a whole log was indented to quote it. */
  indent: string;
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
  readonly #reader: LineReader;
  #open: Open[] = [];
  /**
   * A report that had said no more than its first lines when lockdep found fault with the
   * printing of them: it goes on behind lockdep's.
   */
  #suspended: Open | undefined;
  #kernel: string | undefined;
  #arch: ReportArch | undefined;
  #finished: Report[] = [];

  constructor({ onBegin }: ReportStreamOptions = {}) {
    this.#onBegin = onBegin;
    this.#reader = new LineReader({
      words: BEHIND_NAME,
      wantsAll: () => this.#open.length > 0,
      matters: (text, at) =>
        mayBeFirstLine(text, at) || mayBeBody(text, at) || text.startsWith(VERSION, at),
      standsAlone: (message) =>
        matchFirstLine(message.trimStart()) !== undefined ||
        isBodyLine(message) ||
        this.#open.some(({ draft }) => draft.isFamiliar(message)),
      take: (line) => this.#process(line),
    });
  }

  /** Takes more of the log, and gives the reports that are over by now. */
  push(input: string | LogRecord): Report[] {
    if (typeof input === "string") this.#reader.push(input);
    else this.#pushRecord(input);
    return this.#takeFinished();
  }

  /**
   * Nothing more comes, or nothing has come for so long that what is there is all: gives the
   * reports that were being read. The stream can be used on.
   */
  end(): Report[] {
    this.#reader.end();
    for (const open of [...this.#open]) this.#finish(open, true);
    return this.#takeFinished();
  }

  #takeFinished(): Report[] {
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }

  #pushRecord({ text, seconds, level, caller, facility = 0, missing = 0 }: LogRecord): void {
    for (const { draft } of this.#open) draft.dropped += missing;
    const source = facility === 0 ? "kernel" : "program";
    this.#reader.pushMessage(text, { seconds, level, caller, source });
  }

  #process(line: LogLine): void {
    this.#closeSilent(line);
    if (line.source === "program") {
      this.#countForeign();
      return;
    }
    const text = line.text.trimStart();
    if (text.startsWith(VERSION)) {
      for (const open of [...this.#open]) this.#finish(open, true);
      this.#kernel = text.split(" ", 3)[2];
    }
    const open = this.#openFor(line);
    const match = matchFirstLine(text);
    if (match !== undefined) {
      this.#takeFirstLine(line, match, open);
      return;
    }
    const suspended = this.#suspendedBy(text, open);
    if (suspended !== undefined) {
      this.#suspended = undefined;
      if (open !== undefined) this.#finish(open, false);
      this.#open.push(suspended);
      this.#takeBody(outdented(line, suspended), suspended);
    } else if (open !== undefined) this.#takeBody(outdented(line, open), open);
    else if (mayBeBody(text, 0)) this.#takeBody(line, this.#start(line));
  }

  #takeFirstLine(line: LogLine, match: FirstLineMatch, before: Open | undefined): void {
    let open = before;
    if (open !== undefined && !absorbs(open.draft, match)) {
      // A report that begins within another's: the rest of that one is found by its BUG() or WARN().
      if (isBare(open.draft)) this.#drop(open);
      else if (interrupts(match, open.draft)) this.#suspend(open);
      else this.#finish(open, false);
      open = undefined;
    }
    open ??= this.#start(line);
    if (open.draft.text.length === 0) open.indent = indentOf(line);
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
      draft: new Draft(),
      callers: new Set(line.caller === undefined ? [] : [line.caller]),
      prefixed: line.prefixed,
      indent: "",
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

  #suspend(open: Open): void {
    const before = this.#suspended;
    this.#suspended = undefined;
    if (before !== undefined) this.#finish(before, false);
    this.#drop(open);
    this.#suspended = open;
  }

  /** The suspended report, if a line is of it, and not of the one that is being read. */
  #suspendedBy(text: string, open: Open | undefined): Open | undefined {
    const suspended = this.#suspended;
    if (suspended === undefined) return undefined;
    const isOf = (other: Open | undefined): boolean =>
      other?.draft.telling?.family.body?.test(text) === true;
    if (isOf(suspended) && !isOf(open)) return suspended;
    const goesOn = open !== undefined && isWholeLockdep(open.draft) && BODY_BEGINS.test(text);
    return goesOn ? suspended : undefined;
  }

  #drop(open: Open): void {
    this.#open = this.#open.filter((other) => other !== open);
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
      frames: draft.traces.frames,
      registers: new Map(),
      culprit: undefined,
      endTrace: draft.endTrace,
      panicked: draft.panicked,
      separators: draft.separators,
      hasCpuLine: draft.cpuLines.length > 0,
      hasRegisters: draft.registers.blocks.length > 0,
    });
  }

  #finish(open: Open, logEnded: boolean): void {
    this.#drop(open);
    const waiting = this.#suspended;
    if (waiting !== undefined && this.#open.length === 0) {
      // What interrupted it is over, and it did not go on.
      this.#suspended = undefined;
      this.#finish(waiting, logEnded);
    }
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

/** Whether lockdep speaks up while the first lines of another report are printed. */
function interrupts({ family }: FirstLineMatch, draft: Draft): boolean {
  return family === lockdep && !draft.headerOver && draft.telling !== undefined;
}

/** lockdep prints no modules, and one stack. */
const BODY_BEGINS = /^(?:Modules linked in:|CPU: \d)/;

function isWholeLockdep({ telling, matches, traces }: Draft): boolean {
  return (
    telling?.family === lockdep &&
    matches.length === 1 &&
    !traces.isOpen &&
    traces.frames.some(({ trace }) => trace === "stack backtrace")
  );
}

/** No first line of the kernel's begins with blanks: what is there was put in front. */
function indentOf({ text, prefixed }: LogLine): string {
  return prefixed ? "" : (/^[ \t]*/.exec(text)?.[0] ?? "");
}

function outdented(line: LogLine, { indent }: Open): LogLine {
  if (indent === "" || !line.text.startsWith(indent)) return line;
  return { ...line, text: line.text.slice(indent.length) };
}

/** Finds the reports in a log, in the order in which they begin. */
export function findReports(log: string): Report[] {
  const stream = new ReportStream();
  return [...stream.push(log), ...stream.end()].sort((a, b) => a.lines[0] - b.lines[0]);
}
