import { Processor } from "../state/processor";

/**
 * Accesses to the GDT, an LDT, the IDT and the TSS: a supervisor's, whatever CPL is, and with SMAP
 * never to a user's pages, whatever RFLAGS.AC is (SDM vol. 3A, 4.6.1).
 */
export class SystemAccess {
  /** Where `sizeof<T>()` bytes can be read. @returns 0: a fault is pending */
  static readAt<T>(cpu: Processor, address: u64): usize {
    const table = cpu.tlb;
    // The supervisor's table is the first.
    cpu.tlb = cpu.tlbs;
    const place = cpu.readAt<T>(address);
    cpu.tlb = table;
    return place;
  }

  /** Where they can be read and be written, by `cpu.written`. @returns 0: a fault is pending */
  static updateAt<T>(cpu: Processor, address: u64): usize {
    const table = cpu.tlb;
    cpu.tlb = cpu.tlbs;
    const place = cpu.updateAt<T>(address);
    cpu.tlb = table;
    return place;
  }
}
