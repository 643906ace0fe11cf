import { memberOffsets } from "./btf.js";
import { Elf32, type ElfSymbol } from "./elf32.js";

/** What `images/<arch>/kernel.json` tells a host that looks at the guest from outside. */
export interface KernelFacts {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** As /proc/version prints it, without the final newline. */
  readonly version: string;
  readonly arch: string;
  /** What a module must carry, byte for byte. */
  readonly vermagic: string;
  /** Linear addresses; a function has its end, exclusive, a variable or label has none. */
  readonly symbols: Readonly<Record<string, { readonly start: number; readonly end?: number }>>;
  /** `struct.member`, in bytes from the start of the structure. */
  readonly offsets: Readonly<Record<string, number>>;
}

/** Variables and labels that must be there. */
const places = [
  "_stext",
  "_etext",
  "__lock_text_start",
  "__lock_text_end",
  "current_task",
  "__per_cpu_offset",
  "runqueues",
  "jiffies",
  "panic_cpu",
  "panic_timeout",
  "oops_in_progress",
];

/** Functions that must be there. */
const functions = [
  // Waiting for a lock, kernel/locking/.
  "queued_spin_lock_slowpath",
  "queued_read_lock_slowpath",
  "queued_write_lock_slowpath",
  "osq_lock",
  "mutex_spin_on_owner",
  "rwsem_spin_on_owner",
  "rwsem_down_write_slowpath",
  "_raw_spin_lock",
  "_raw_spin_lock_irqsave",
  // The end of the line, kernel/panic.c, and where it waits there, arch/x86/lib/delay.c.
  "panic",
  "__delay",
  "__const_udelay",
  "delay_loop",
  "delay_tsc",
];

/** And whatever there is of these: inlining decides which of them are functions. */
const families = [
  /^_raw_(spin|read|write)_/,
  /_lock_slowpath$/,
  /^rwsem_down_\w+_slowpath$/,
  /^(osq|mcs)_\w+$/,
  /_optimistic_spin$/,
  /_spin_on_owner$/,
  /^(nmi_|check_)?panic$/,
  /^delay_(loop|tsc|halt\w*)$/,
];

const offsets = [
  "rq.nr_switches",
  "task_struct.pid",
  "task_struct.tgid",
  "task_struct.comm",
  "task_struct.__state",
];

/**
 * Collects the facts from the kernel's own debug information.
 *
 * @param vmlinux the bytes of the unstripped vmlinux
 * @throws if something is not there that a host needs
 */
export function kernelFacts(vmlinux: Buffer, arch: string): KernelFacts {
  const elf = new Elf32(vmlinux);
  const all = [...elf.symbols()];
  const version = textOf(elf, all, "linux_banner").trimEnd();
  const vermagic = textOf(elf, all, "vermagic");
  const release = vermagic.split(" ")[0] ?? "";
  return {
    release,
    version,
    arch,
    vermagic,
    symbols: selectSymbols(all),
    offsets: memberOffsets(elf.section(".BTF"), offsets),
  };
}

/** Exported for its test. */
export function selectSymbols(all: readonly ElfSymbol[]): KernelFacts["symbols"] {
  const selected: [string, { start: number; end?: number }][] = [];
  for (const { name, start, size } of all) {
    if (places.includes(name)) selected.push([name, { start }]);
    else if (size > 0 && (functions.includes(name) || families.some((one) => one.test(name)))) {
      selected.push([name, { start, end: start + size }]);
    }
  }
  const symbols = Object.fromEntries(selected.sort(([, a], [, b]) => a.start - b.start));
  const missing = [...places, ...functions].filter((name) => symbols[name] === undefined);
  if (missing.length > 0) throw new Error(`Not in the kernel: ${missing.join(", ")}.`);
  return symbols;
}

function textOf(elf: Elf32, all: readonly ElfSymbol[], name: string): string {
  const symbol = all.find((one) => one.name === name);
  if (symbol === undefined) throw new Error(`Not in the kernel: ${name}.`);
  return elf.stringAtAddress(symbol.start);
}
