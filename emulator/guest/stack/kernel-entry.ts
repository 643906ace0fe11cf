import { orElse } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { KernelEntry, SavedRegisters } from "../stack-frame.js";

/** Where system calls come in: arch/x86/entry/entry_32.S, entry_64.S, entry_64_compat.S. */
const SYSTEM_CALL_ENTRY = /^entry_\w*(?:INT80|SYSENTER|SYSCALL)/;
/** Handlers of interrupts: DEFINE_IDTENTRY_IRQ and _SYSVEC of asm/idtentry.h, and the NMI's. */
const INTERRUPT_HANDLER = /^(?:sysvec_|(?:common|spurious)_interrupt$|exc_nmi)/;
const EXCEPTION_HANDLER = /^exc_/;
/** More numbers than any table of system calls has. */
const HIGHEST_NUMBER = 4095;

/**
 * Why the processor came into the kernel.
 * @param path names of the functions that were called since, the assembly that it came in by
 *   last.
 */
export function kernelEntry(
  view: KernelView,
  registers: SavedRegisters,
  path: { readonly assembly: string | undefined; readonly handler: string | undefined },
): KernelEntry {
  const original = BigInt.asIntN(view.arch.wordBytes * 8, registers.members.orig_ax ?? -1n);
  const isSystemCall = path.assembly !== undefined && SYSTEM_CALL_ENTRY.test(path.assembly);
  // All but system calls leave -1 there: handle_exception, idtentry_body.
  if (registers.userMode && (isSystemCall || original >= 0n)) {
    const number = Number(BigInt.asIntN(32, original));
    return { kind: "system-call", number, name: systemCallName(view, number, path), registers };
  }
  const { handler } = path;
  if (handler !== undefined && INTERRUPT_HANDLER.test(handler)) {
    return { kind: "interrupt", handler, registers };
  }
  if (handler !== undefined && EXCEPTION_HANDLER.test(handler)) {
    return { kind: "exception", handler, registers };
  }
  return { kind: "unknown", handler, registers };
}

/** The name that the kernel's own table of system calls leads to. */
function systemCallName(
  view: KernelView,
  number: number,
  { assembly }: { readonly assembly: string | undefined },
): string | undefined {
  if (number < 0 || number > HIGHEST_NUMBER) return undefined;
  const is32BitCall = view.arch.longMode && /INT80|compat/.test(assembly ?? "");
  const table = view.symbols.addressOf(is32BitCall ? "ia32_sys_call_table" : "sys_call_table");
  if (table === undefined) return undefined;
  const target = orElse(
    () => view.memory.word(table + BigInt(number * view.arch.wordBytes)),
    () => undefined,
  );
  const place = target === undefined ? undefined : view.symbols.find(target);
  if (place === undefined || place.offset !== 0) return undefined;
  const prefix = view.arch.systemCallPrefixes.find((one) => place.name.startsWith(one));
  if (prefix === undefined) return undefined;
  const name = place.name.slice(prefix.length);
  // What programs call poll(), say, is to the kernel the one whose times have 32 bits.
  return name === "ni_syscall" ? undefined : name.replace(/_time32$/, "");
}
