import { baseName } from "../draft/frame-line.js";
import type { Frame, ReportKind } from "../report.js";

/** One way in which a report of a family begins. */
export interface FirstLine {
  /** How the line's text begins, literally: looked for before the pattern is tried. */
  readonly starts: readonly string[];
  /**
   * The line, from its first character on. Named groups are facts of the report: `cpu`, `pid`,
   * `comm`, `function` (a place in the code), `die` (the number of the oops), and whatever the
   * family's title needs.
   */
  readonly pattern: RegExp;
  /** The kernel's file and function that prints it. */
  readonly from: string;
  /**
   * `telling`: it says what is wrong. `vehicle`: it is how the kernel stops or warns, and says
   * little when a telling line stands by it. `opening`: nothing yet, a telling line follows.
   */
  readonly role: "telling" | "vehicle" | "opening";
}

/** What a family's functions are given: the report as far as it has been read. */
export interface Facts {
  /** The groups of its first lines; of two with the same name, those of the telling line. */
  readonly groups: Readonly<Record<string, string | undefined>>;
  /** The telling line. */
  readonly message: string;
  readonly text: readonly string[];
  readonly frames: readonly Frame[];
  readonly registers: ReadonlyMap<string, bigint>;
  readonly culprit: Frame | undefined;
  /** `---[ end trace …`, which oops_exit() and __warn() print last. */
  readonly endTrace: boolean;
  /** A panic came of it. */
  readonly panicked: boolean;
  /** Lines of `=====`. */
  readonly separators: number;
  /** The CPU line, dump_stack_print_info(). */
  readonly hasCpuLine: boolean;
  /** An instruction pointer and registers of kernel mode. */
  readonly hasRegisters: boolean;
}

/** One kind of report: how it is found, named, and blamed. */
export interface Family {
  readonly kind: ReportKind;
  readonly firstLines: readonly FirstLine[];
  /** In syzkaller's wording; the same bug has to give the same title. */
  title(facts: Facts): string;
  /** Functions that can never be its culprit, besides those of no-culprits.ts. */
  readonly never?: (name: string, module: string | undefined) => boolean;
  /** Picks the frames that the culprit is looked for in, best first; all of trace `call` if absent. */
  readonly suspects?: (facts: Facts) => readonly Frame[];
  /** Frames with `?` that are as good as those without. */
  readonly trusts?: (facts: Facts) => ReadonlySet<Frame>;
  /** Traces with these headings are the report's own stack. */
  readonly ownTrace?: RegExp;
  /** Lines that belong to it and that no other kind has. */
  readonly body?: RegExp;
  /** What has to be there; a sentence about what is missing, or undefined. */
  missing?(facts: Facts): string | undefined;
  /** It says no more after this: unknown lines that follow end it soon. */
  isOver?(facts: Facts): boolean;
  /** The CPU and the task are those of the culprit's trace, not of whoever prints the report. */
  readonly taskOfCulprit?: boolean;
}

/** `general protection fault` and `hello_write` give `general protection fault in hello_write`. */
export function inCulprit(what: string, { culprit }: Pick<Facts, "culprit">): string {
  return culprit?.symbol === undefined ? what : `${what} in ${baseName(culprit.symbol)}`;
}

/** An oops, and a BUG(): `---[ end trace`, or the panic that it leads to. */
export function oopsMissing(facts: Facts): string | undefined {
  if (!facts.endTrace && !facts.panicked) {
    return "The end is cut off: the line “---[ end trace” is missing.";
  }
  if (ownFrames(facts).length === 0) return "It has no frames.";
  return undefined;
}

/**
 * After a jump to an address where no function is, the unwinder can be sure of nothing: the
 * first address on the stack is the call's.
 */
export function callOfNothing({ frames }: Facts): ReadonlySet<Frame> {
  const pointer = frames.findIndex(({ role }) => role === "instruction");
  const next = frames[pointer + 1];
  const nowhere = pointer >= 0 && frames[pointer]?.symbol === undefined;
  return new Set(nowhere && next !== undefined ? [next] : []);
}

/** A report whose stack is all that has to be there. */
export function traceMissing(facts: Facts): string | undefined {
  return ownFrames(facts).every(({ role }) => role === "instruction")
    ? "The end is cut off: the stack trace is missing."
    : undefined;
}

/** Where lockdep says that a lock was taken: a place, but not one of a stack. */
export const LOCK_TAKEN = "lock taken";
/** The same, of a lock in the list of those that are held. */
export const LOCK_HELD = "lock held";

/** The frames of stacks. */
export function ownFrames({ frames }: Pick<Facts, "frames">): readonly Frame[] {
  return frames.filter(({ trace }) => trace !== LOCK_TAKEN && trace !== LOCK_HELD);
}
