import {
  type GuestModule,
  type GuestPlace,
  lookUpAddress,
  regionAt,
  type StackFrame,
  type StackTrace,
  type StoppedKernel,
} from "../../guest/index.js";
import type { AutopsyContext } from "./autopsy.js";

/** An address of code with what the guest's memory said of it at the time. */
export interface NamedAddress {
  readonly address: bigint;
  readonly place: GuestPlace | undefined;
  /** Of the module that it lies in: the section, and how far in it. */
  readonly section: { readonly name: string; readonly offset: number } | undefined;
}

export interface NamedFrame {
  readonly frame: StackFrame;
  /** Of a return address, the byte before: the call may be the last that its function does. */
  readonly at: NamedAddress;
  /** The stack that it lies on, as the kernel's own traces mark it; `task` otherwise. */
  readonly stack: string;
}

/** A stack that can be told from without the guest. */
export interface NamedStack {
  readonly frames: readonly NamedFrame[];
  /** The system call that led to it. */
  readonly systemCall: string | undefined;
  /** It could be followed to its end. */
  readonly isWhole: boolean;
}

/** arch/x86/kernel/dumpstack_32.c, stack_type_name(). */
const STACK_MARKS: Readonly<Record<StackTrace["stacks"][number]["kind"], string>> = {
  task: "task",
  hardirq: "IRQ",
  softirq: "SOFTIRQ",
  exception: "#DF",
  entry: "ENTRY_TRAMPOLINE",
  unknown: "task",
};

/** Names what is in a guest's memory now. */
export class Namer {
  readonly modules: readonly GuestModule[];
  /** Those of which a place was named. */
  readonly named = new Set<GuestModule>();
  readonly #kernel: Pick<StoppedKernel, "place">;

  constructor(kernel: Pick<StoppedKernel, "place" | "modules">) {
    this.#kernel = kernel;
    this.modules = kernel.modules().items;
  }

  address(address: bigint): NamedAddress {
    const place = this.#kernel.place(address, this.modules);
    const module = this.modules.find(({ name }) => name === place?.module);
    if (module !== undefined) this.named.add(module);
    return { address, place, section: module && sectionOf(module, address) };
  }

  stack({ frames, stacks, end }: StackTrace): NamedStack {
    let stack = stacks[0];
    const named = frames.map((frame): NamedFrame => {
      const found = frame.foundAt;
      const own =
        found === undefined
          ? undefined
          : stacks.find((one) => one.start <= found && found < one.end);
      stack = own ?? stack;
      const at = this.address(lookUpAddress(frame));
      return { frame, at, stack: STACK_MARKS[stack?.kind ?? "task"] };
    });
    const isCall = end.kind === "user-mode" && end.entry.kind === "system-call";
    return {
      frames: named,
      systemCall: isCall ? (end.entry.name ?? `system call ${end.entry.number}`) : undefined,
      isWhole: end.kind === "user-mode" || end.kind === "start",
    };
  }
}

/** The section that an address lies in: the last one that begins in front of it, in its region. */
function sectionOf(module: GuestModule, address: bigint): NamedAddress["section"] {
  const region = regionAt(module, address);
  if (region === undefined) return undefined;
  let last: GuestModule["sections"][number] | undefined;
  for (const section of module.sections) {
    if (section.address < region.base || section.address > address) continue;
    if (last === undefined || last.address <= section.address) last = section;
  }
  return last && { name: last.name, offset: Number(address - last.address) };
}

export function nameOf({ at }: NamedFrame): string | undefined {
  return at.place?.name;
}

/** Where the function that an address lies in begins. */
export function functionStart({ address, place }: NamedAddress): bigint | undefined {
  return place && address - BigInt(place.offset);
}

/**
 * The innermost place in a module, or else the innermost that is more than passed through.
 * @param isPassing whether a function only leads to what it is about.
 */
export function innermost(
  frames: readonly NamedFrame[],
  isPassing: (name: string) => boolean = () => false,
): NamedAddress | undefined {
  const inModule = frames.find(({ at }) => at.place?.module !== undefined);
  return (inModule ?? frames.find((frame) => !isPassing(nameOf(frame) ?? "")))?.at;
}

/** kernel/softirq.c: what all softirqs are run by, also in ksoftirqd. */
const SOFTIRQ_LOOP = "__do_softirq";

/**
 * What a frame runs on behalf of: the first thing, on the way to the task below, that did not
 * ask for it.
 */
export function contextOf(frames: readonly NamedFrame[], index: number): AutopsyContext {
  for (const [at, named] of frames.entries()) {
    if (at < index) continue;
    // What interrupted this frame is what runs in the frames in front of it.
    const by = at > index ? named.frame.interruptedBy : undefined;
    if (by !== undefined && by.kind !== "exception" && by.kind !== "system-call") {
      return /nmi/.test(by.handler ?? "") ? "nmi" : "interrupt";
    }
    if (nameOf(named) === SOFTIRQ_LOOP) return "softirq";
  }
  return "task";
}

/** The index from which on frames belong to the same work as one: handlers in front interrupted it. */
export function startOfWork(frames: readonly NamedFrame[], index: number): number {
  let start = index;
  while (start > 0 && frames[start]?.frame.interruptedBy === undefined) start--;
  return start;
}
