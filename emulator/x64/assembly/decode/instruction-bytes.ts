import { Access, Canonical, NOWHERE, walk } from "../memory/page-walk";
import { Tlb } from "../memory/tlb";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { Vector } from "../state/vectors";

/** Why an instruction could not be read. */
export enum BytesFailure {
  None = 0,
  /** A fault is pending. */
  Fault = 1,
  /** It has more than 15 bytes. */
  TooLong = 2,
}

/** The longest instruction (SDM vol. 2A, 2.3.11). */
const MOST_BYTES: u32 = 15;

/** Reads an instruction byte by byte: the next page matters only if the instruction reaches it. */
@unmanaged
export class InstructionBytes {
  /** Where the next byte lies in our memory, */
  cursor: usize;
  /** and where its page ends. */
  end: usize;
  /** Linear address of the first byte behind that page. */
  nextPage: u64;
  /** Bytes up to the limit of the code's segment. */
  room: u64;
  /** Bytes read of the present instruction. */
  count: u32;
  failure: BytesFailure;
  /** The present instruction lies in two pages. */
  isSplit: bool;

  /** Begins at RIP. @returns its place in the guest's memory, or ~0: a fault is pending */
  start(cpu: Processor, rip: u64): u32 {
    this.count = 0;
    this.failure = BytesFailure.None;
    this.isSplit = false;
    let address = rip;
    this.room = ~0;
    if (!cpu.isLongCode) {
      const segment = cpu.segment(SegmentName.Cs);
      if (rip > segment.limit) {
        cpu.raise(Vector.GeneralProtection);
        return ~0;
      }
      this.room = <u64>segment.limit - rip + 1;
      address = (segment.base + rip) & 0xffffffff;
    }
    const pointer = locateCode(cpu, address);
    if (pointer == 0) return ~0;
    this.cursor = pointer;
    this.end = pointer + <usize>(0x1000 - (address & 0xfff));
    this.nextPage = (address & ~0xfff) + 0x1000;
    return <u32>(pointer - cpu.machine.ram);
  }

  /** Begins another instruction where the last one ended. */
  begin(): void {
    this.count = 0;
  }

  byte(cpu: Processor): u32 {
    if (this.failure != BytesFailure.None) return 0;
    if (this.count == MOST_BYTES) {
      this.failure = BytesFailure.TooLong;
      return 0;
    }
    if (this.room == 0) {
      cpu.raise(Vector.GeneralProtection);
      this.failure = BytesFailure.Fault;
      return 0;
    }
    if (this.cursor == this.end) {
      const pointer = locateCode(cpu, this.nextPage);
      if (pointer == 0) {
        this.failure = BytesFailure.Fault;
        return 0;
      }
      this.cursor = pointer;
      this.end = pointer + 0x1000;
      this.nextPage += 0x1000;
      this.isSplit = this.count != 0;
    }
    this.count++;
    this.room--;
    return load<u8>(this.cursor++);
  }

  word(cpu: Processor): u32 {
    const low = this.byte(cpu);
    return low | (this.byte(cpu) << 8);
  }

  doubleword(cpu: Processor): u32 {
    const low = this.word(cpu);
    return low | (this.word(cpu) << 16);
  }

  quadword(cpu: Processor): u64 {
    const low = <u64>this.doubleword(cpu);
    return low | ((<u64>this.doubleword(cpu)) << 32);
  }
}

/** @returns where code at a linear address lies in our memory; 0: a fault is pending */
function locateCode(cpu: Processor, address: u64): usize {
  const entry = Tlb.entry(cpu.tlb, address);
  if (load<u64>(entry, Tlb.EXECUTE) == (address & ~0xfff)) {
    return <usize>address + load<u32>(entry, Tlb.ADDEND);
  }
  if (!Canonical.is(address)) {
    cpu.raise(Vector.GeneralProtection);
    return 0;
  }
  const kind = <u32>((cpu.tlb - cpu.tlbs) / Tlb.TABLE_BYTES);
  const pointer = walk(cpu, address, Access.Fetch, kind);
  if (pointer != NOWHERE) return pointer;
  // Nothing that could be decoded once for all is there: a machine check on a PC.
  cpu.raise(Vector.MachineCheck);
  return 0;
}
