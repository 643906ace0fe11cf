import { GuestError } from "./errors.js";
import type { KernelView } from "./kernel-view.js";

/** As uname(2) has it. */
export interface Uname {
  readonly sysname: string;
  readonly nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
}

/** Largest CONFIG_NR_CPUS that x86 allows. */
const MOST_CPUS = 8192;

/** Of the first namespace. @throws GuestError */
export function readUname(view: KernelView): Uname {
  const names = view.structure("uts_namespace", view.symbol("init_uts_ns"));
  return {
    sysname: names.text("name.sysname"),
    nodename: names.text("name.nodename"),
    release: names.text("name.release"),
    version: names.text("name.version"),
    machine: names.text("name.machine"),
  };
}

/** Ticks; they start at INITIAL_JIFFIES, five minutes before 32 bits overflow. */
export function readJiffies(view: KernelView): bigint {
  return view.memory.unsigned(view.symbol("jiffies_64"), 8);
}

/** The numbers of the processors that are online. @throws GuestError */
export function cpusOnline(view: KernelView): readonly number[] {
  // Without CONFIG_SMP there is no mask, and one processor.
  const mask = view.symbols.addressOf("__cpu_online_mask");
  if (mask === undefined) return [0];
  const bytes = view.types.sizeOf("cpumask");
  if (bytes > MOST_CPUS / 8) {
    throw new GuestError("unsupported", `The kernel is made for more than ${MOST_CPUS} CPUs.`);
  }
  const bits = view.memory.read(mask, bytes);
  const cpus: number[] = [];
  for (let cpu = 0; cpu < bytes * 8; cpu++) {
    if (((bits[cpu >>> 3] ?? 0) >>> (cpu & 7)) & 1) cpus.push(cpu);
  }
  return cpus;
}
