import type { Machine } from "../machine/machine.js";
import { guestArch } from "./arch.js";
import type { Btf } from "./btf/btf.js";
import { type GuestModule, regionAt } from "./guest-module.js";
import { KernelView, linkOffset } from "./kernel-view.js";
import type { LockTypeName, LockWord } from "./lock-word.js";
import { readLock } from "./locks/lock-reader.js";
import { readLog } from "./log/printk-ring.js";
import type { LogRecord } from "./log-record.js";
import { GuestMemory } from "./memory/guest-memory.js";
import { listModules, modulePlace, placeIn } from "./modules/module-list.js";
import type { PagingMode } from "./paging/address-space.js";
import type { PartialList } from "./partial-list.js";
import { processorStack, taskStack } from "./stack/task-stack.js";
import { lookUpAddress, type StackFrame, type StackTrace } from "./stack-frame.js";
import type { GuestPlace, SymbolTable } from "./symbol-table.js";
import { cpusOnline, readJiffies, readUname, type Uname } from "./system-facts.js";
import type { GuestTask } from "./task.js";
import { listTasks } from "./tasks/task-list.js";
import { currentTaskAddress, readTask } from "./tasks/task-reader.js";

/** What a {@link StoppedKernel} reads with. */
export interface StoppedKernelParts {
  readonly machine: Pick<Machine, "arch" | "memoryBytes" | "readPhysical" | "registers">;
  /** The kernel's own type information, `images/<arch>/kernel.btf.gz` unpacked. */
  readonly types: Btf;
  readonly symbols: SymbolTable;
}

/**
 * A Linux that stands still, read from outside: from the machine's registers and memory alone,
 * with no help from the guest. It may stand in any place, with interrupts off, in a panic; what
 * it is read from may be damaged. Nothing is kept between calls, so one object serves however
 * often the machine runs in between.
 */
export class StoppedKernel {
  readonly #parts: StoppedKernelParts;

  constructor(parts: StoppedKernelParts) {
    this.#parts = parts;
  }

  /** The same kernel on a machine that shows it at another moment. */
  on(machine: StoppedKernelParts["machine"]): StoppedKernel {
    return new StoppedKernel({ ...this.#parts, machine });
  }

  /** The task that a processor executes. @throws GuestError */
  currentTask(cpu = 0): GuestTask {
    const view = this.#view();
    return readTask(view, currentTaskAddress(view, cpu));
  }

  /** The task whose `task_struct` lies at an address. @throws GuestError */
  taskAt(address: bigint): GuestTask {
    return readTask(this.#view(), address);
  }

  /** All tasks, threads included; the idle task comes first. */
  tasks(): PartialList<GuestTask> {
    return listTasks(this.#view());
  }

  /**
   * The calls of a task; without one, of what the processor does, from its registers on. The
   * current task's own are the same as that.
   */
  stack(task?: GuestTask): StackTrace {
    const view = this.#view();
    return task === undefined ? processorStack(view) : taskStack(view, task);
  }

  /** Loaded modules, the one that was loaded last first. */
  modules(): PartialList<GuestModule> {
    return listModules(this.#view());
  }

  /**
   * The function or variable that an address lies in, of the kernel or of a module.
   * @param modules those that are loaded now, for who has read them already and names many places.
   */
  place(address: bigint, modules?: readonly GuestModule[]): GuestPlace | undefined {
    const ofKernel = this.#parts.symbols.find(address);
    if (ofKernel !== undefined) return ofKernel;
    if (modules === undefined) return modulePlace(this.#view(), address);
    const module = modules.find((one) => regionAt(one, address) !== undefined);
    return module && placeIn(module, address);
  }

  /**
   * The function that a frame is in, with the offset that the kernel prints. A call that never
   * returns may be a function's last instruction, so of a return address the byte before counts.
   */
  placeOf(frame: StackFrame): GuestPlace | undefined {
    const place = this.place(lookUpAddress(frame));
    return place && frame.isReturnAddress ? { ...place, offset: place.offset + 1 } : place;
  }

  /** The kernel's log, the oldest message first. */
  log(): PartialList<LogRecord> {
    return readLog(this.#view());
  }

  /** What a lock's memory says. @throws GuestError */
  lock(address: bigint, type: LockTypeName): LockWord {
    return readLock(this.#view(), address, type);
  }

  /** Ticks, `jiffies_64`; they start five minutes before 32 bits overflow. @throws GuestError */
  jiffies(): bigint {
    return readJiffies(this.#view());
  }

  /** Where a processor's instance of a per-CPU variable is. @throws GuestError */
  perCpu(name: string, cpu = 0): bigint {
    return this.#view().perCpu(name, cpu);
  }

  /** The numbers of the processors that are online. @throws GuestError */
  cpusOnline(): readonly number[] {
    return cpusOnline(this.#view());
  }

  /** @throws GuestError */
  uname(): Uname {
    return readUname(this.#view());
  }

  /** The physical address behind a linear one. @throws GuestError `not-mapped` */
  translate(address: bigint): bigint {
    return this.#view().memory.translate(address);
  }

  /** Copies memory. @throws GuestError `not-mapped` */
  read(address: bigint, bytes: number): Uint8Array {
    return this.#view().memory.read(address, bytes);
  }

  /** An address or a `long` in memory. @throws GuestError `not-mapped` */
  word(address: bigint): bigint {
    return this.#view().memory.word(address);
  }

  /** Words that lie behind each other. @throws GuestError `not-mapped` where any is not there. */
  words(address: bigint, count: number): readonly bigint[] {
    return this.#view().memory.words(address, count);
  }

  #view(): KernelView {
    const { machine, types, symbols } = this.#parts;
    const arch = guestArch(machine.arch);
    const registers = machine.registers();
    const { cr0, cr3, cr4 } = registers;
    const mode: PagingMode = { cr0, cr3, cr4, longMode: arch.longMode };
    const root = kernelPageTables(symbols);
    const memory = new GuestMemory(
      machine,
      arch.wordBytes,
      mode,
      root === undefined ? undefined : { ...mode, cr3: root },
    );
    return new KernelView({ arch, memory, registers, types, symbols });
  }
}

/** The tables that the kernel starts with and keeps up to date. */
const PAGE_TABLES = ["swapper_pg_dir", "init_top_pgt"] as const;

/**
 * The physical address of the kernel's own page tables: all that it has mapped is in them, also
 * while a program's are in use that leave the kernel out (Documentation/x86/pti.rst). Of a kernel
 * that has moved itself in memory they are not found, and then not needed: a fallback.
 */
function kernelPageTables(symbols: SymbolTable): bigint | undefined {
  const offset = linkOffset(symbols);
  if (offset === undefined) return undefined;
  for (const name of PAGE_TABLES) {
    const tables = symbols.addressOf(name);
    if (tables !== undefined) return tables - offset;
  }
  return undefined;
}
