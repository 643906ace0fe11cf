// LEA.
import { ANY_DIGIT, Column, Form, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { effectiveAddress } from "../memory/address";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function loadAddressRows(): void {
  opcode(OpcodeMap.OneByte, 0x8d, Column.Any, ANY_DIGIT, Form.Memory)
    .of(Operand.G, Operand.M)
    .sizes(
      (c, o) => loadAddress<u16>(c, o),
      (c, o) => loadAddress<u32>(c, o),
      (c, o) => loadAddress<u64>(c, o),
    );
}

function loadAddress<T>(cpu: Processor, op: Operation): i32 {
  cpu.setRegister<T>(op.destination, <T>effectiveAddress(op));
  return After.Next;
}
