import type { Machine } from "../machine/machine.js";
import type { Btf } from "./btf/btf.js";
import type { GuestModule } from "./guest-module.js";
import type { LockTypeName, LockWord } from "./lock-word.js";
import type { LogRecord } from "./log-record.js";
import type { PartialList } from "./partial-list.js";
import type { StackTrace } from "./stack-frame.js";
import type { GuestPlace, SymbolTable } from "./symbol-table.js";
import type { GuestTask } from "./task.js";

/** What a {@link StoppedKernel} reads with. */
export interface StoppedKernelParts {
  readonly machine: Pick<Machine, "arch" | "memoryBytes" | "readPhysical" | "registers">;
  /** The kernel's own type information, `images/<arch>/kernel.btf.gz` unpacked. */
  readonly types: Btf;
  readonly symbols: SymbolTable;
}

/** As uname(2) has it. */
export interface Uname {
  readonly sysname: string;
  readonly nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
}

/**
 * A Linux that stands still, read from outside: from the machine's registers and memory alone,
 * with no help from the guest. It may stand in any place, with interrupts off, in a panic; what
 * it is read from may be damaged. Nothing is kept between calls, so one object serves however
 * often the machine runs in between.
 */
export declare class StoppedKernel {
  constructor(parts: StoppedKernelParts);

  /** The task that a processor executes. @throws GuestError */
  currentTask(cpu?: number): GuestTask;
  /** The task whose `task_struct` lies at an address. @throws GuestError */
  taskAt(address: bigint): GuestTask;
  /** All tasks, threads included; the idle task comes first. */
  tasks(): PartialList<GuestTask>;
  /**
   * The calls of a task; without one, of what the processor does, from its registers on. The
   * current task's own are the same as that.
   */
  stack(task?: GuestTask): StackTrace;
  modules(): PartialList<GuestModule>;
  /** The module whose `struct module` lies at an address. @throws GuestError */
  moduleAt(address: bigint): GuestModule;
  /** The function or variable that an address lies in, of the kernel or of a module. */
  place(address: bigint): GuestPlace | undefined;
  /** The kernel's log, the oldest message first. */
  log(): PartialList<LogRecord>;
  /** @throws GuestError */
  lock(address: bigint, type: LockTypeName): LockWord;
  /** Ticks since boot, `jiffies_64`. @throws GuestError */
  jiffies(): bigint;
  /** Where a processor's instance of a per-CPU variable is. @throws GuestError */
  perCpu(name: string, cpu?: number): bigint;
  /** The numbers of the processors that are online. @throws GuestError */
  cpusOnline(): readonly number[];
  /** @throws GuestError */
  uname(): Uname;
  /** The physical address behind a linear one. @throws GuestError `not-mapped` */
  translate(address: bigint): bigint;
  /** Copies memory. @throws GuestError `not-mapped` */
  read(address: bigint, bytes: number): Uint8Array;
}
