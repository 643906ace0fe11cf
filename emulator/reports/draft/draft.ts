import type { FirstLineMatch } from "../kinds/first-lines.js";
import type { LogLine } from "../log/log-line.js";
import { type CpuLine, readCpuLine, readKernelIdent, readTaskLine } from "./cpu-line.js";
import { isElision, isFamiliar } from "./familiar-lines.js";
import { isOfInlined } from "./frame-line.js";
import { readModules, readMoreModules } from "./modules.js";
import { RegisterReader } from "./register-reader.js";
import { TraceReader } from "./trace-reader.js";

/** Longer than the task list of any OOM killer. */
const MOST_LINES = 8_000;
/** Characters, all lines together. */
const MOST_TEXT = 2_000_000;
/** First lines of a trap or a panic that a report absorbs. */
const MOST_MATCHES = 16;
const MOST_CPU_LINES = 1024;
/** How far into a report its message can go, before the registers or the trace. */
const LONGEST_HEADER = 12;

const RANK = { opening: 0, vehicle: 1, telling: 2 } as const;
const DROPPED = /^\s*\*\* (\d+) printk messages dropped \*\*/;

interface KeptLine {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

/** A report that is being read: its lines, and the facts in them. */
export class Draft {
  readonly matches: FirstLineMatch[] = [];
  /** The one that says what is wrong. */
  telling: FirstLineMatch | undefined;
  message = "";
  readonly traces = new TraceReader();
  readonly registers = new RegisterReader();
  /** Which processors and tasks it is about, with the lines that say so. */
  readonly cpuLines: (CpuLine & { readonly line: number })[] = [];
  ident: Pick<CpuLine, "taint" | "kernel"> | undefined;
  /** `Tainted: [D]=DIE, …`. */
  taintWords = "";
  modules: string[] | undefined;
  seconds: number | undefined;
  endTrace = false;
  panicked = false;
  /** Lines of `=====` behind the first line. */
  separators = 0;
  /** Messages that the kernel says it lost. */
  dropped = 0;
  /** The last line leaves lines out. */
  elided = false;
  /** Registers, a trace or the modules have come: the message is over. */
  headerOver = false;
  /** A die header, `… [#1]`, is part of it. */
  died = false;

  readonly #kept: KeptLine[] = [];
  /** How many of the kept lines are known to belong to it. */
  #belonging = 0;
  #textLength = 0;
  #tooManyLines = false;
  #modulesOpen = false;
  readonly #isOwnTrace = (heading: string): boolean =>
    this.matches.some(({ family }) => family.ownTrace?.test(heading) === true);

  get text(): readonly string[] {
    return this.#kept.slice(0, this.#belonging).map(({ text }) => text);
  }

  get lines(): readonly [first: number, last: number] {
    const first = this.#kept[0]?.first ?? 1;
    return [first, this.#kept[Math.max(0, this.#belonging - 1)]?.last ?? first];
  }

  /** The last lines that belong to it. */
  get lastLines(): readonly string[] {
    const from = Math.max(0, this.#belonging - 4);
    return this.#kept.slice(from, this.#belonging).map(({ text }) => text);
  }

  /** Larger than a report can be, so that the rest is not in it. */
  get overlong(): boolean {
    return this.#tooManyLines || this.traces.overlong;
  }

  /** A first line: of the report itself, or of the trap or panic that carries it. */
  takeFirstLine(line: LogLine, match: FirstLineMatch): void {
    // Sources that a tool added repeat the first line; the last one is the kernel's.
    const last = this.matches.at(-1);
    if (last?.firstLine === match.firstLine && isOfInlined(last.message)) {
      this.matches.pop();
      if (this.telling === last) this.telling = this.matches.at(-1);
    }
    if (this.matches.length < MOST_MATCHES) this.matches.push(match);
    const before = this.telling === undefined ? -1 : RANK[this.telling.firstLine.role];
    if (RANK[match.firstLine.role] > before) {
      this.telling = match;
      this.message = line.text.trim();
    }
    if (match.groups.die !== undefined) this.died = true;
    this.headerOver = false;
    if (match.panics) {
      this.panicked = true;
      this.traces.endSection();
      this.registers.panic();
    }
    this.#keep(line, true);
  }

  /**
   * Reads a line.
   * @param whole every line is of the same context, so that it belongs to it whatever it says.
   * @returns whether the line is one that a report has.
   */
  take(line: LogLine, whole: boolean): boolean {
    // kmemleak puts its name before every line, those of its traces included.
    const text = line.text.replace(/^kmemleak: (?= )/, "");
    const known = this.#read(text === line.text ? line : { ...line, text });
    const header = !this.headerOver && this.#kept.length < LONGEST_HEADER;
    if (known || whole || (header && line.source !== "program")) this.#keep(line, known);
    return known;
  }

  /** Whether a line is one that a report of this kind has. */
  isFamiliar(text: string): boolean {
    return isFamiliar(text) || this.matches.some(({ family }) => family.body?.test(text) === true);
  }

  #keep({ text, first, last, seconds }: LogLine, known: boolean): void {
    this.seconds ??= seconds;
    this.#textLength += text.length;
    if (this.#kept.length >= MOST_LINES || this.#textLength > MOST_TEXT) {
      this.#tooManyLines = true;
      return;
    }
    this.#kept.push({ text, first, last });
    if (known) this.#belonging = this.#kept.length;
  }

  #read(line: LogLine): boolean {
    if (line.text.trim() === "") return false;
    this.elided = false;
    return (
      this.#readTrace(line) ||
      this.#readRegisters(line) ||
      this.#readTask(line) ||
      this.#readModules(line) ||
      this.#readMark(line)
    );
  }

  #readTrace(line: LogLine): boolean {
    const read = this.traces.read(line, this.#isOwnTrace);
    if (read !== "trace") return false;
    if (this.traces.begun && !this.headerOver) this.headerOver = true;
    if (/^\s*Call [Tt]race:/.test(line.text)) this.registers.beginTrace();
    return true;
  }

  #readRegisters(line: LogLine): boolean {
    const read = this.registers.read(line);
    if (!read.known) return false;
    if (read.opens) this.headerOver = true;
    if (read.pointer !== undefined) this.traces.addPointer(read.pointer, line);
    return true;
  }

  #readTask({ text, first }: LogLine): boolean {
    const task = readTaskLine(text);
    const cpu = task === undefined ? readCpuLine(text) : undefined;
    const found = task ?? cpu;
    if (found === undefined) return false;
    if (cpu !== undefined) {
      this.traces.cpuLine();
      this.headerOver = true;
    }
    if (this.cpuLines.length < MOST_CPU_LINES) this.cpuLines.push({ ...found, line: first });
    return true;
  }

  #readModules({ text }: LogLine): boolean {
    const modules = readModules(text);
    if (modules !== undefined) {
      this.modules ??= modules;
      this.headerOver = true;
      this.#modulesOpen = true;
      return true;
    }
    const more = this.#modulesOpen ? readMoreModules(text) : undefined;
    this.#modulesOpen = more !== undefined;
    if (more === undefined) return false;
    this.modules?.push(...more);
    return true;
  }

  #readMark({ text }: LogLine): boolean {
    const dropped = DROPPED.exec(text)?.[1];
    const ident = readKernelIdent(text);
    if (dropped !== undefined) this.dropped += Number(dropped);
    else if (isElision(text)) this.elided = true;
    else if (/^\s*---\[ end trace/.test(text)) {
      this.endTrace = true;
      this.registers.endTrace();
    } else if (/^={10,}\s*$/.test(text)) this.separators++;
    else if (/^\s*Tainted: \[/.test(text)) this.taintWords = text;
    else if (ident !== undefined) this.ident ??= ident;
    else return this.isFamiliar(text);
    return true;
  }
}
