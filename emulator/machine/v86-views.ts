import type { V86Cpu } from "./v86-internals.js";

/** The processor's state and the guest's memory, where the engine itself keeps them. */
export interface V86Views {
  readonly reg32: Int32Array;
  readonly sreg: Uint16Array;
  readonly flags: Int32Array;
  readonly cr: Int32Array;
  readonly cpl: Uint8Array;
  readonly in_hlt: Uint8Array;
  readonly instruction_pointer: Int32Array;
  readonly previous_ip: Int32Array;
  readonly instruction_counter: Uint32Array;
  readonly mem8: Uint8Array;
  /** The mask register of the first interrupt controller; a set bit lets the interrupt through. */
  readonly interruptMask: Uint8Array;
}

/**
 * v86's own fields are proxies, which make a new typed array for each access: some 300 ns, of
 * which a single step has dozens.
 * @returns a function that gives the views, also after the engine's memory has grown and moved.
 */
export function viewsOf(cpu: V86Cpu): () => V86Views {
  let buffer: ArrayBufferLike | undefined;
  let views: V86Views | undefined;
  return () => {
    const current = cpu.wasm_memory.buffer;
    if (views === undefined || buffer !== current) {
      buffer = current;
      views = createViews(cpu, current);
    }
    return views;
  };
}

function createViews(cpu: V86Cpu, buffer: ArrayBuffer): V86Views {
  const int32 = (field: Int32Array): Int32Array =>
    new Int32Array(buffer, field.byteOffset, field.length);
  const bytes = (field: Uint8Array): Uint8Array =>
    new Uint8Array(buffer, field.byteOffset, field.length);
  const { instruction_counter: counter, sreg } = cpu;
  return {
    reg32: int32(cpu.reg32),
    sreg: new Uint16Array(buffer, sreg.byteOffset, sreg.length),
    flags: int32(cpu.flags),
    cr: int32(cpu.cr),
    cpl: bytes(cpu.cpl),
    in_hlt: bytes(cpu.in_hlt),
    instruction_pointer: int32(cpu.instruction_pointer),
    previous_ip: int32(cpu.previous_ip),
    instruction_counter: new Uint32Array(buffer, counter.byteOffset, counter.length),
    mem8: bytes(cpu.mem8),
    interruptMask: new Uint8Array(buffer, cpu.get_pic_addr_master(), 1),
  };
}
