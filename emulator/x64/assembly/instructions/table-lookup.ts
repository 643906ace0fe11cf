// XLAT.
import { OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { slowAddress } from "../memory/address";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function tableLookupRows(): void {
  opcode(OpcodeMap.OneByte, 0xd7)
    .of(Operand.None, Operand.B)
    .does((c, o) => lookUp(c, o));
}

function lookUp(cpu: Processor, op: Operation): i32 {
  const source = cpu.readAt<u8>(slowAddress(cpu, op, <i64>(cpu.rax & 0xff)));
  if (source == 0) return After.Fault;
  store<u8>(cpu.register(GeneralRegister.Rax), load<u8>(source));
  return After.Next;
}
