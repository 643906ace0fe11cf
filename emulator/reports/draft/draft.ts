import { LOCK_HELD, LOCK_TAKEN } from "../kinds/family.js";
import type { FirstLineMatch } from "../kinds/first-lines.js";
import type { LogLine } from "../log/log-line.js";
import type { CodeBytes, Frame } from "../report.js";
import { isCodeLine, readCode } from "./code-bytes.js";
import { type CpuLine, readCpuLine, readKernelIdent } from "./cpu-line.js";
import { type FramePlace, isInlinedFrame, isOfInlined, readFrame } from "./frame-line.js";
import { readInstructionPointer } from "./instruction-pointer.js";
import { readModules, readMoreModules } from "./modules.js";
import { isRegisterLine, isUserStackPointer, readRegisters } from "./registers.js";
import { StackMarks } from "./stack-marks.js";
import { readTraceHeading } from "./trace-heading.js";

/**
 * Bounds of a report. The longest known are stalls of machines with hundreds of processors,
 * and the task lists of the OOM killer.
 */
const MOST_LINES = 8_000;
const MOST_FRAMES = 8_000;
const MOST_BLOCKS = 256;
/** Characters, all lines together. */
const MOST_TEXT = 2_000_000;
/** First lines of a trap or a panic that a report absorbs. */
const MOST_MATCHES = 16;
/** Lines between the first line and the rest that may hold the message itself. */
const LONGEST_HEADER = 12;

/** How the scheduler shows a task: sched_show_task(), the second form until 5.10. */
const TASK_LINES = [
  /^\s*task:(?<comm>\S.{0,63}?) +state:\S.*? pid: ?(?<pid>\d{1,10}) /,
  /^\s*(?<comm>\S.{0,14}?) +[RSDTtXZPI] (?: *running task +| +[0-9a-f]{8,16} +|\d* +)\d+ +(?<pid>\d{1,10}) +\d{1,10} +0x[0-9a-f]{8}/,
  /^\s*comm "(?<comm>.{1,64})", pid (?<pid>\d{1,10}), jiffies /,
  /^\s*in_atomic\(\): .*\bpid: (?<pid>\d{1,10}), name: (?<comm>.{1,64})$/,
  /^(?<comm>\S.{0,63})\/(?<pid>\d{1,10}) (?:is (?:trying|leaving|freeing)|just changed|\[HC\d)/,
];

/** Registers that were printed together. */
export interface RegisterBlock {
  readonly line: number;
  readonly values: Map<string, bigint>;
}

interface KeptLine {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

/** Lines that many kinds have, and that say nothing that a report holds as a fact. */
const FAMILIAR =
  /^\s*(?:#PF: |PGD |P4D |IP: |\*pde|\*pdpt|Oops|Hardware name:|Workqueue: |Stack:|Stack :|task: |Process .{1,64}\(pid: |Thread overran|Tainted: \[|Kernel Offset:|Rebooting in|---\[ end |note: |Fixing recursive fault|Disabling lock debugging|last sysfs file|irq event stamp|(?:hard|soft)irqs last|Preemption disabled at|INFO: lockdep is turned off|\d{1,3} locks? held by|no locks? held by|#\d{1,3}: |={10,}|-{10,}|Sending NMI |NMI backtrace|Kernel panic|KASAN: |Dumping ftrace|RSP <|CR2: |R(?:IP|SP)\b|Mem abort|Shutting down cpus|Kernel panic|ORIG_RAX|Thread info|CPU#?\d* is|Scheduler|Comm: |DMAR|audit: |Stopper: |Showing all locks held|\(\w+ \S+ not available\)|This architecture|irq \d+ |BUG: unable|watchdog: |perf: |Unable to access opcode|invalid opcode|handlers:|Kernel Offset|PKRU|pstore: |TSC |BIOS |panic occurred|flags: 0x|task:\S)/;
/** A stack dump of kernels until 4.9. */
const STACK_WORDS = /^\s*(?:[0-9a-f]{8}(?:[0-9a-f]{8})?(?: |$)){1,8}\s*$/;
const DROPPED = /^\s*\*\* (\d+) printk messages dropped \*\*/;
const ELIDED =
  /^\s*(?:\.{3,}|…|\[(?:\.{3,}|…|snip|cut)\]|<(?:\.{3,}|snip)>|\(\.{3,}\)|\[\.{3} .{1,40} \.{3}\]|--+ ?(?:snip|cut) ?--+)\s*$/i;

/** A report that is being read. */
export class Draft {
  readonly matches: FirstLineMatch[] = [];
  /** The one that says what is wrong. */
  telling: FirstLineMatch | undefined;
  message = "";
  readonly frames: Frame[] = [];
  readonly blocks: RegisterBlock[] = [];
  readonly cpuLines: (CpuLine & { readonly line: number })[] = [];
  ident: Pick<CpuLine, "taint" | "kernel"> | undefined;
  taintWords = "";
  code: CodeBytes | undefined;
  modules: string[] | undefined;
  bits: 32 | 64 | undefined;
  seconds: number | undefined;
  endTrace = false;
  panicked = false;
  separators = 0;
  /** Messages that the kernel says it lost. */
  dropped = 0;
  /** The last line leaves lines out. */
  elided = false;
  /** Larger than a report can be. */
  overlong = false;
  /** The report of its own CPU's registers, trace or modules has begun: the message is over. */
  headerOver = false;
  /** Whether a die header, `… [#1]`, is part of it. */
  died = false;

  readonly #kept: KeptLine[] = [];
  /** How many of the kept lines are known to belong to it. */
  #belonging = 0;
  #textLength = 0;
  readonly #lockPlaces = new Set<string>();
  readonly #pointers = new Set<string>();
  readonly #marks = new StackMarks();
  #trace = "call";
  #section: string | undefined;
  /** The stack that the section is about has begun: another CPU line begins one of its own. */
  #sectionHasFrames = false;
  #heading: string | undefined;
  #user = false;
  /** What follows are the registers of the first oops since boot: __show_regs() of exec_summary_regs. */
  #summary = false;
  #userPointerLine = -1;
  #modulesOpen = false;

  readonly #firstNumber: number;

  constructor(firstNumber: number) {
    this.#firstNumber = firstNumber;
  }

  get text(): readonly string[] {
    return this.#kept.slice(0, this.#belonging).map(({ text }) => text);
  }

  get lines(): readonly [number, number] {
    const first = this.#kept[0]?.first ?? this.#firstNumber;
    return [first, this.#kept[Math.max(0, this.#belonging - 1)]?.last ?? first];
  }

  /** The last lines that belong to it. */
  get lastLines(): readonly string[] {
    return this.#kept
      .slice(Math.max(0, this.#belonging - 4), this.#belonging)
      .map(({ text }) => text);
  }

  /** A first line: of the report itself, or of the trap or panic that carries it. */
  takeFirstLine(line: LogLine, match: FirstLineMatch): void {
    const last = this.matches.at(-1);
    const repeated = last?.firstLine === match.firstLine && isOfInlined(last.message);
    if (repeated) this.matches.pop();
    if (repeated && this.telling === last) this.telling = this.matches.at(-1);
    if (this.matches.length < MOST_MATCHES) this.matches.push(match);
    const rank = { opening: 0, vehicle: 1, telling: 2 };
    const before = this.telling === undefined ? -1 : rank[this.telling.firstLine.role];
    if (rank[match.firstLine.role] > before) {
      this.telling = match;
      this.message = line.text.trim();
    }
    if (match.groups.die !== undefined) this.died = true;
    if (match.panics) {
      this.#summary = false;
      this.panicked = true;
      this.#endSection();
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
    const header =
      !this.headerOver && this.#kept.length < LONGEST_HEADER && line.source !== "program";
    this.#keep(line, known, known || whole || header);
    return known;
  }

  /** Words that carry no fact of their own. */
  isFamiliar(text: string): boolean {
    return FAMILIAR.test(text) || STACK_WORDS.test(text) || this.#isOfFamily(text);
  }

  #isOfFamily(text: string): boolean {
    return this.matches.some(({ family }) => family.body?.test(text) === true);
  }

  #keep(line: LogLine, known: boolean, keep = true): void {
    this.seconds ??= line.seconds;
    if (!keep) return;
    this.#textLength += line.text.length;
    if (this.#kept.length >= MOST_LINES || this.#textLength > MOST_TEXT) {
      this.overlong = true;
      return;
    }
    this.#kept.push({ text: line.text, first: line.first, last: line.last });
    if (known) this.#belonging = this.#kept.length;
  }

  #read(line: LogLine): boolean {
    const { text } = line;
    const modulesOpen = this.#modulesOpen;
    this.#modulesOpen = false;
    if (text.trim() === "") {
      this.#modulesOpen = modulesOpen;
      return false;
    }
    this.elided = false;
    if (this.#readTrace(line) || this.#readRegisters(line)) return true;
    const task = readTaskLine(text);
    if (task !== undefined) {
      this.cpuLines.push({ ...task, line: line.first });
      return true;
    }
    const cpu = readCpuLine(text);
    if (cpu !== undefined) {
      if (this.#sectionHasFrames) this.#endSection();
      this.cpuLines.push({ ...cpu, line: line.first });
      this.headerOver = true;
      return true;
    }
    if (isCodeLine(text)) {
      // A program's code follows its instruction pointer directly.
      if (this.#userPointerLine !== this.#kept.at(-1)?.first) this.code ??= readCode(text);
      return true;
    }
    const modules = readModules(text);
    if (modules !== undefined) {
      this.modules ??= modules;
      this.headerOver = true;
      this.#modulesOpen = true;
      return true;
    }
    if (modulesOpen) {
      const more = readMoreModules(text);
      if (more !== undefined) {
        this.modules?.push(...more);
        this.#modulesOpen = true;
        return true;
      }
    }
    return this.#readMark(line);
  }

  #readMark({ text }: LogLine): boolean {
    const dropped = DROPPED.exec(text)?.[1];
    if (dropped !== undefined) {
      this.dropped += Number(dropped);
      return true;
    }
    if (ELIDED.test(text)) {
      this.elided = true;
      return true;
    }
    if (/^\s*---\[ end trace/.test(text)) {
      this.endTrace = true;
      this.#summary = true;
      this.#user = false;
      return true;
    }
    if (/^={10,}\s*$/.test(text)) {
      this.separators++;
      return true;
    }
    if (/^\s*Tainted: \[/.test(text)) {
      this.taintWords = text;
      return true;
    }
    const ident = readKernelIdent(text);
    if (ident !== undefined) {
      this.ident ??= ident;
      return true;
    }
    return this.isFamiliar(text);
  }

  #readTrace(line: LogLine): boolean {
    const { text } = line;
    const afterMarks = this.#marks.take(text);
    if (afterMarks !== undefined && afterMarks.trim() === "") return true;
    const frame = readFrame(afterMarks ?? text);
    if (frame !== undefined) {
      this.#addFrame(frame, line);
      return true;
    }
    if (isInlinedFrame(text)) return true;
    const heading = readTraceHeading(text);
    if (heading === undefined) return this.#readLockPlace(line);
    if (heading.name === "call") {
      // Old kernels put the first frame into the same line.
      this.#trace = this.#section ?? "call";
      this.#heading = undefined;
      this.#marks.reset();
      this.#user = false;
      this.headerOver = true;
      const rest = text.replace(/^\s*Call [Tt]race:/, "");
      if (rest.trim() !== "") this.#readTrace({ ...line, text: rest });
      return true;
    }
    if (heading.spansCallTrace) {
      this.#section = heading.name;
      this.#sectionHasFrames = false;
      this.#trace = heading.name;
      this.#marks.reset();
      return true;
    }
    this.#readTrackPlace(line);
    const own = this.matches.some(({ family }) => family.ownTrace?.test(heading.name) === true);
    this.#heading = own ? "call" : heading.name;
    return this.isFamiliar(text) || own;
  }

  #addFrame(frame: FramePlace, line: LogLine): void {
    if (this.frames.length >= MOST_FRAMES) {
      this.overlong = true;
      return;
    }
    if (this.#heading !== undefined) {
      this.#trace = this.#heading;
      this.#heading = undefined;
      this.#marks.reset();
    }
    if (frame.role === "return") this.headerOver = true;
    this.bits ??= bitsOf(line.text);
    if (this.#section !== undefined && frame.role === "return") this.#sectionHasFrames = true;
    this.frames.push({
      ...frame,
      trace: this.#trace,
      stack: this.#marks.current,
      line: line.first,
    });
  }

  /** SLUB says who allocated and freed the object: print_track(). The trace may begin behind it. */
  #readTrackPlace(line: LogLine): void {
    const match = /^\s*(?:INFO: )?((?:Allocated|Freed) in) (\S+(?: \[[\w-]{1,64}\])?) age=/.exec(
      line.text,
    );
    const frame = match === null ? undefined : readFrame(match[2] ?? "");
    if (frame === undefined || this.frames.length >= MOST_FRAMES) return;
    const trace = (match?.[1] ?? "").toLowerCase();
    this.frames.push({ ...frame, trace, stack: "task", line: line.first });
  }

  /** lockdep says where a lock was taken: print_lock(). */
  #readLockPlace(line: LogLine): boolean {
    const match = /^\s*(#\d{1,3}:)?.*\}(?:-\{\d+:\d+\})?,? +at: (.+)$/.exec(line.text);
    const trace = match?.[1] === undefined ? LOCK_TAKEN : LOCK_HELD;
    if (match === null || this.#lockPlaces.has(trace)) return false;
    const frame = readFrame(match[2] ?? "");
    if (frame === undefined) return false;
    this.#lockPlaces.add(trace);
    this.frames.push({ ...frame, trace, stack: "task", line: line.first });
    return true;
  }

  #readRegisters(line: LogLine): boolean {
    const { text } = line;
    const pointer = readInstructionPointer(text);
    if (this.#summary && (pointer !== undefined || isRegisterLine(text))) return true;
    if (pointer !== undefined) {
      this.bits ??= pointer.bits;
      this.#user = pointer.mode === "user";
      if (pointer.mode === "user") {
        this.#userPointerLine = line.first;
        return true;
      }
      if (pointer.opensRegisters) {
        this.headerOver = true;
        this.#openBlock(line);
        this.#addRegisters(pointer.rest.replace(/^.*?(?=\bEFLAGS:)/, ""));
      }
      if (pointer.place !== undefined) this.#addPointer(pointer.place, line);
      return true;
    }
    if (!isRegisterLine(text)) return false;
    this.headerOver = true;
    if (isUserStackPointer(text)) this.#user = true;
    if (!this.#user || /^\s*CR[0-4]:/.test(text)) this.#addRegisters(text);
    return true;
  }

  #endSection(): void {
    this.#section = undefined;
    this.#sectionHasFrames = false;
    this.#trace = "call";
  }

  #addPointer(place: FramePlace, line: LogLine): void {
    const { symbol, offset, address } = place;
    // A report repeats where it happened, before the registers and again at its end.
    const key = `${this.#trace} ${symbol === undefined ? address : `${symbol}+${offset}`}`;
    if (this.#pointers.has(key)) return;
    this.#pointers.add(key);
    this.#heading = undefined;
    this.#addFrame(place, line);
  }

  #openBlock(line: LogLine): void {
    if (this.blocks.length >= MOST_BLOCKS) return;
    this.blocks.push({ line: line.first, values: new Map() });
  }

  #addRegisters(text: string): void {
    const registers = readRegisters(text);
    if (this.blocks.length === 0) this.blocks.push({ line: 0, values: new Map() });
    const values = this.blocks.at(-1)?.values;
    for (const [name, value] of registers) if (!values?.has(name)) values?.set(name, value);
  }
}

/** Whether a line, wherever it stands, is one of a report's body and continues no other. */
export function isBodyLine(text: string): boolean {
  return (
    FAMILIAR.test(text) ||
    STACK_WORDS.test(text) ||
    ELIDED.test(text) ||
    isCodeLine(text) ||
    isRegisterLine(text) ||
    isInlinedFrame(text) ||
    readFrame(text) !== undefined ||
    readInstructionPointer(text) !== undefined ||
    readTraceHeading(text)?.name === "call" ||
    readCpuLine(text) !== undefined ||
    readTaskLine(text) !== undefined ||
    readModules(text) !== undefined ||
    new StackMarks().take(text) !== undefined
  );
}

function readTaskLine(text: string): CpuLine | undefined {
  for (const form of TASK_LINES) {
    const groups = form.exec(text)?.groups;
    if (groups === undefined) continue;
    return {
      cpu: undefined,
      pid: Number(groups.pid),
      comm: groups.comm,
      taint: undefined,
      kernel: undefined,
    };
  }
  return undefined;
}

/** From how an address is printed: hashed ones (`%p`) have zeros in front, but all digits. */
function bitsOf(text: string): 32 | 64 | undefined {
  const digits = /\[<([0-9a-f]{8,16})>\]/.exec(text)?.[1]?.length;
  return digits === 16 ? 64 : digits === 8 ? 32 : undefined;
}
