import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { SegmentName } from "../../state/segment";
import { Status } from "./registers";

/**
 * An exception that is not masked waits for the next instruction that looks. The pointers to
 * the present one are kept now, as AMD's processors do; Intel's keep them for each instruction.
 */
export function noteException(cpu: Processor, op: Operation): void {
  cpu.floatStatus |= <u16>Status.Summary;
  cpu.floatCode = cpu.rip + op.next - op.length;
  if (op.source == 0 && op.base != 0) cpu.floatData = cpu.address(op);
  cpu.floatOpcode = opcodeOf(cpu, op);
}

/** The low three bits of the first byte, and the ModRM byte: 11 bits (SDM vol. 1, 8.1.9). */
function opcodeOf(cpu: Processor, op: Operation): u16 {
  const base = cpu.isLongCode ? 0 : cpu.segment(SegmentName.Cs).base;
  // Behind the prefixes comes the first byte from D8 to DF.
  for (let at: u32 = 0; at + 1 < op.length; at++) {
    const first = byteAt(cpu, base + cpu.floatCode + at);
    if ((first & 0xf8) == 0xd8) {
      return <u16>(((first & 7) << 8) | byteAt(cpu, base + cpu.floatCode + at + 1));
    }
  }
  return 0;
}

function byteAt(cpu: Processor, address: u64): u32 {
  const pointer = cpu.readAt<u8>(address);
  return pointer == 0 ? 0 : load<u8>(pointer);
}
