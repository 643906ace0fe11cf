// POPCNT.
import { Column, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { Flags } from "../flags/lazy-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

export function popcntRows(): void {
  opcode(OpcodeMap.TwoByte, 0xb8, Column.XF3)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => countOnes<u16>(c, o),
      (c, o) => countOnes<u32>(c, o),
      (c, o) => countOnes<u64>(c, o),
    );
}

function countOnes<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const value = <u64>load<T>(source);
  Flags.set(cpu, value == 0 ? <u32>Flag.Zero : 0);
  cpu.setRegister<T>(op.destination, <T>popcnt(value));
  return After.Next;
}
