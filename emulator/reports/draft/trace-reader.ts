import { LOCK_HELD, LOCK_TAKEN } from "../kinds/family.js";
import type { LogLine } from "../log/log-line.js";
import type { Frame } from "../report.js";
import { type FramePlace, isInlinedFrame, readFrame } from "./frame-line.js";
import { StackMarks } from "./stack-marks.js";
import { readTraceHeading } from "./trace-heading.js";

/** The longest known are stalls of machines with hundreds of processors. */
const MOST_FRAMES = 8_000;

/** What a line was to the traces of a report. */
export type TraceLine =
  /** A frame, a mark, or the heading of the report's own stack. */
  | "trace"
  /** What may be the heading of another stack, or of something else. */
  | "heading"
  | "none";

/** Reads the stack traces of a report: headings, marks, frames, and places outside of stacks. */
export class TraceReader {
  readonly frames: Frame[] = [];
  /** From how addresses are printed. */
  bits: 32 | 64 | undefined;
  /** More frames than a report can have. */
  overlong = false;
  /** A stack of the report itself has begun. */
  begun = false;

  readonly #marks = new StackMarks();
  readonly #pointers = new Set<string>();
  readonly #lockPlaces = new Set<string>();
  #trace = "call";
  /** What a `Call Trace:` is part of: `NMI backtrace for cpu 1`. */
  #section: string | undefined;
  #sectionHasFrames = false;
  /** A line that is a heading if a frame follows. */
  #heading: string | undefined;

  /** The last trace has begun, and its end has not come. */
  get isOpen(): boolean {
    return this.#marks.isTaskOpen;
  }

  /** @param isOwn whether a heading is that of the report's own stack. */
  read(line: LogLine, isOwn: (heading: string) => boolean): TraceLine {
    const { text } = line;
    const afterMarks = this.#marks.take(text);
    if (afterMarks !== undefined && afterMarks.trim() === "") return "trace";
    const frame = readFrame(afterMarks ?? text);
    if (frame !== undefined) {
      this.#add(frame, line);
      return "trace";
    }
    if (isInlinedFrame(text)) return "trace";
    const heading = readTraceHeading(text);
    if (heading === undefined) return this.#readLockPlace(line) ? "trace" : "none";
    if (heading.name === "call") {
      this.#beginCallTrace(line, isOwn);
      return "trace";
    }
    if (heading.spansCallTrace) {
      this.#section = heading.name;
      this.#sectionHasFrames = false;
      this.#trace = heading.name;
      this.#marks.reset();
      return "trace";
    }
    this.#readTrackPlace(line);
    const own = isOwn(heading.name);
    this.#heading = own ? "call" : heading.name;
    return own ? "trace" : "heading";
  }

  /** An instruction pointer. A report repeats where it happened: around the registers, and at its end. */
  addPointer(place: FramePlace, line: LogLine): void {
    const { symbol, offset, address } = place;
    const key = `${this.#trace} ${symbol === undefined ? address : `${symbol}+${offset}`}`;
    if (this.#pointers.has(key)) return;
    this.#pointers.add(key);
    this.#heading = undefined;
    this.#add(place, line);
  }

  /** A CPU line heads another stack, unless it belongs to the section that has just begun. */
  cpuLine(): void {
    if (this.#sectionHasFrames) this.endSection();
  }

  endSection(): void {
    this.#section = undefined;
    this.#sectionHasFrames = false;
    this.#trace = "call";
  }

  #beginCallTrace(line: LogLine, isOwn: (heading: string) => boolean): void {
    this.#trace = this.#section ?? "call";
    this.#heading = undefined;
    this.#marks.reset();
    this.begun = true;
    // Kernels before 2.6.19 put the first frame into the same line.
    const rest = line.text.replace(/^\s*Call [Tt]race:/, "");
    if (rest.trim() !== "") this.read({ ...line, text: rest }, isOwn);
  }

  #add(frame: FramePlace, line: LogLine): void {
    if (this.frames.length >= MOST_FRAMES) {
      this.overlong = true;
      return;
    }
    if (this.#heading !== undefined) {
      this.#trace = this.#heading;
      this.#heading = undefined;
      this.#marks.reset();
    }
    if (frame.role === "return") {
      this.begun = true;
      if (this.#section !== undefined) this.#sectionHasFrames = true;
    }
    this.bits ??= bitsOf(line.text);
    const stack = this.#marks.current;
    this.frames.push({ ...frame, trace: this.#trace, stack, line: line.first });
  }

  /** SLUB says who allocated and freed the object: print_track(). The trace may begin behind it. */
  #readTrackPlace({ text, first }: LogLine): void {
    const match = /^\s*(?:INFO: )?((?:Allocated|Freed) in) (\S+(?: \[[\w-]{1,64}\])?) age=/.exec(
      text,
    );
    const frame = match === null ? undefined : readFrame(match[2] ?? "");
    if (frame === undefined || this.frames.length >= MOST_FRAMES) return;
    const trace = (match?.[1] ?? "").toLowerCase();
    this.frames.push({ ...frame, trace, stack: "task", line: first });
  }

  /** lockdep says where a lock was taken: print_lock(). */
  #readLockPlace({ text, first }: LogLine): boolean {
    const match = /^\s*(#\d{1,3}:)?.*\}(?:-\{\d+:\d+\})?,? +at: (.+)$/.exec(text);
    const trace = match?.[1] === undefined ? LOCK_TAKEN : LOCK_HELD;
    if (match === null || this.#lockPlaces.has(trace)) return false;
    const frame = readFrame(match[2] ?? "");
    if (frame === undefined) return false;
    this.#lockPlaces.add(trace);
    this.frames.push({ ...frame, trace, stack: "task", line: first });
    return true;
  }
}

/** From how an address is printed: hashed ones (`%p`) have zeros in front, but all digits. */
function bitsOf(text: string): 32 | 64 | undefined {
  const digits = /\[<([0-9a-f]{8,16})>\]/.exec(text)?.[1]?.length;
  return digits === 16 ? 64 : digits === 8 ? 32 : undefined;
}
