// BSF, BSR. CPUID does not claim BMI1 and ABM: an F3 prefix that makes TZCNT and LZCNT of them
// on other processors is ignored, as it is on those that do not have these.
import { OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { replaceFlags } from "../flags/replace-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

export function bitScanRows(): void {
  opcode(OpcodeMap.TwoByte, 0xbc)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => scanForward<u16>(c, o),
      (c, o) => scanForward<u32>(c, o),
      (c, o) => scanForward<u64>(c, o),
    );
  opcode(OpcodeMap.TwoByte, 0xbd)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => scanReverse<u16>(c, o),
      (c, o) => scanReverse<u32>(c, o),
      (c, o) => scanReverse<u64>(c, o),
    );
}

function scanForward<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const value = <u64>load<T>(source);
  return leave<T>(cpu, op, value, ctz(value));
}

function scanReverse<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const value = <u64>load<T>(source);
  return leave<T>(cpu, op, value, 63 - clz(value));
}

/** Of 0, the destination stays as it is: AMD says so, and Intel's processors do it. */
function leave<T>(cpu: Processor, op: Operation, value: u64, position: u64): i32 {
  replaceFlags(cpu, Flag.Zero, value == 0 ? <u32>Flag.Zero : 0);
  if (value != 0) cpu.setRegister<T>(op.destination, <T>position);
  return After.Next;
}
