// MOVZX, MOVSX, MOVSXD.
import { OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { adjustPrivilege } from "./adjust-privilege";

export function extendRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0xb6)
    .of(Operand.G, Operand.Eb)
    .sizes(
      (c, o) => extend<u8, u16>(c, o),
      (c, o) => extend<u8, u32>(c, o),
      (c, o) => extend<u8, u64>(c, o),
    );
  opcode(two, 0xb7)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => extend<u16, u16>(c, o),
      (c, o) => extend<u16, u32>(c, o),
      (c, o) => extend<u16, u64>(c, o),
    );
  opcode(two, 0xbe)
    .of(Operand.G, Operand.Eb)
    .sizes(
      (c, o) => extend<i8, i16>(c, o),
      (c, o) => extend<i8, i32>(c, o),
      (c, o) => extend<i8, i64>(c, o),
    );
  opcode(two, 0xbf)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => extend<i16, i16>(c, o),
      (c, o) => extend<i16, i32>(c, o),
      (c, o) => extend<i16, i64>(c, o),
    );
  // Code that is not 64-bit has ARPL there. AMD's processors read 32 bits whatever they write.
  opcode(OpcodeMap.OneByte, 0x63)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => (c.isLongCode ? extend<u32, u16>(c, o) : adjustPrivilege(c, o)),
      (c, o) => (c.isLongCode ? extend<u32, u32>(c, o) : adjustPrivilege(c, o)),
      (c, o) => extend<i32, i64>(c, o),
    );
}

function extend<From, To>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<From>(op);
  if (source == 0) return After.Fault;
  cpu.setRegister<To>(op.destination, <To>load<From>(source));
  return After.Next;
}
