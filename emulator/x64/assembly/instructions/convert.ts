// CBW, CWDE, CDQE, CWD, CDQ, CQO.
import { OpcodeMap, opcode } from "../decode/opcode-map";
import { Wide } from "../flags/lazy-flags";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function convertRows(): void {
  opcode(OpcodeMap.OneByte, 0x98).sizes(
    (c, o) => widenAccumulator<i8, i16>(c, o),
    (c, o) => widenAccumulator<i16, i32>(c, o),
    (c, o) => widenAccumulator<i32, i64>(c, o),
  );
  opcode(OpcodeMap.OneByte, 0x99).sizes(
    (c, o) => widenIntoDx<u16>(c, o),
    (c, o) => widenIntoDx<u32>(c, o),
    (c, o) => widenIntoDx<u64>(c, o),
  );
}

function widenAccumulator<From, To>(cpu: Processor, op: Operation): i32 {
  const rax = cpu.register(GeneralRegister.Rax);
  cpu.setRegister<To>(rax, <To>load<From>(rax));
  return After.Next;
}

function widenIntoDx<T>(cpu: Processor, op: Operation): i32 {
  const rdx = cpu.register(GeneralRegister.Rdx);
  cpu.setRegister<T>(rdx, <T>(Wide.signed<T>(<T>cpu.rax) >> 63));
  return After.Next;
}
