// XCHG, XADD, BSWAP.
import { allWidthRows } from "../decode/all-width-rows";
import { ANY_DIGIT, Attribute, Immediate, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { Flags } from "../flags/lazy-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function exchangeRows(): void {
  allWidthRows(
    OpcodeMap.OneByte,
    0x86,
    ANY_DIGIT,
    Operand.E,
    Operand.G,
    Immediate.None,
    Attribute.Lockable,
    (c, o) => exchange<u8>(c, o),
    (c, o) => exchange<u16>(c, o),
    (c, o) => exchange<u32>(c, o),
    (c, o) => exchange<u64>(c, o),
  );
  allWidthRows(
    OpcodeMap.TwoByte,
    0xc0,
    ANY_DIGIT,
    Operand.E,
    Operand.G,
    Immediate.None,
    Attribute.Lockable,
    (c, o) => exchangeAndAdd<u8>(c, o),
    (c, o) => exchangeAndAdd<u16>(c, o),
    (c, o) => exchangeAndAdd<u32>(c, o),
    (c, o) => exchangeAndAdd<u64>(c, o),
  );
  for (let register = 0; register < 8; register++) {
    opcode(OpcodeMap.OneByte, 0x90 + register)
      .of(Operand.Z, Operand.Accumulator)
      .sizes(
        (c, o) => exchangeAccumulator<u16>(c, o),
        (c, o) => exchangeAccumulator<u32>(c, o),
        (c, o) => exchangeAccumulator<u64>(c, o),
      );
    opcode(OpcodeMap.TwoByte, 0xc8 + register)
      .of(Operand.Z)
      .sizes(
        (c, o) => swapBytes<u16>(c, o),
        (c, o) => swapBytes<u32>(c, o),
        (c, o) => swapBytes<u64>(c, o),
      );
  }
}

function exchange<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const value = load<T>(target);
  const other = load<T>(op.source);
  cpu.setRegister<T>(op.source, value);
  return cpu.put<T>(op, target, other);
}

/** 90 without REX.B is NOP, and with F3 PAUSE: the upper half of RAX stays. */
function exchangeAccumulator<T>(cpu: Processor, op: Operation): i32 {
  return op.destination == op.source ? After.Next : exchange<T>(cpu, op);
}

function exchangeAndAdd<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const b = load<T>(op.source);
  const result = <T>(a + b);
  Flags.add<T>(cpu, a, b, result);
  cpu.setRegister<T>(op.source, a);
  return cpu.put<T>(op, target, result);
}

/** Of 16 bits the result is undefined: processors leave 0. */
function swapBytes<T>(cpu: Processor, op: Operation): i32 {
  const value = sizeof<T>() == 2 ? <T>0 : bswap<T>(load<T>(op.destination));
  cpu.setRegister<T>(op.destination, value);
  return After.Next;
}
