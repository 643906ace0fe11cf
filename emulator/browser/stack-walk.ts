import type { Lab } from "../lab/index.js";

type Memory = Pick<Lab["machine"], "readVirtual" | "registers">;

/** More than any chain of calls that one wants to read. */
const MOST_FRAMES = 24;
/** Where the kernel's half of the address space begins, with 3 GB for programs. */
const KERNEL_START = 0xc0000000;
/** The top bit, which the kernel clears in a frame pointer to mark saved registers. */
const TOP_BIT = 0x80000000;
/** In 32-bit `struct pt_regs` (Linux arch/x86/include/asm/ptrace.h), bytes from its start. */
const PT_REGS = { bp: 20, ip: 48, cs: 52, size: 68 } as const;
/** Of a code segment selector: the privilege level (Intel SDM vol. 3A, 3.4.2). */
const PRIVILEGE = 3;

/**
 * The return addresses on the stack of a stopped 32-bit kernel, the innermost first. The kernel
 * keeps frame pointers; where an interrupt or exception came in between, the frame pointer is
 * that of the saved registers, marked (ENCODE_FRAME_POINTER in arch/x86/entry/entry_32.S).
 */
export function returnAddresses(machine: Memory): readonly number[] {
  const addresses: number[] = [];
  let frame = Number(machine.registers().framePointer);
  const seen = new Set<number>();
  try {
    while (addresses.length < MOST_FRAMES && !seen.has(frame)) {
      seen.add(frame);
      if (frame >= KERNEL_START) {
        const view = viewOf(machine, frame, 8);
        frame = view.getUint32(0, true);
        const address = view.getUint32(4, true);
        if (address < KERNEL_START) break;
        addresses.push(address);
      } else {
        const registers = (frame | TOP_BIT) >>> 0;
        if (frame === 0 || registers < KERNEL_START) break;
        const view = viewOf(machine, registers, PT_REGS.size);
        if ((view.getUint32(PT_REGS.cs, true) & PRIVILEGE) !== 0) break;
        addresses.push(view.getUint32(PT_REGS.ip, true));
        frame = view.getUint32(PT_REGS.bp, true);
      }
    }
  } catch {
    // The chain leads to where nothing is mapped: what there was of it is still worth reading.
  }
  return addresses;
}

function viewOf(machine: Memory, address: number, length: number): DataView {
  const { buffer, byteOffset } = machine.readVirtual(address, length);
  return new DataView(buffer, byteOffset, length);
}
