// AND, OR, XOR, NOT, TEST.
import { allWidthRows } from "../decode/all-width-rows";
import { ANY_DIGIT, Immediate, OpcodeMap, Operand } from "../decode/opcode-map";
import { Flags } from "../flags/lazy-flags";
import { Processor } from "../state/processor";
import { changeOneRows, changeRows, Values } from "./value-operation";

export function logicRows(): void {
  changeRows<Or>(0x08, 1);
  changeRows<And>(0x20, 4);
  changeRows<Xor>(0x30, 6);
  changeOneRows<Not>(0xf6, 2);
  testRows(0x84, ANY_DIGIT, Operand.E, Operand.G, Immediate.None);
  testRows(0xa8, ANY_DIGIT, Operand.Accumulator, Operand.I, Immediate.Z);
  testRows(0xf6, 0, Operand.E, Operand.I, Immediate.Z);
  // Not in Intel's map, but in AMD's, and so do all processors.
  testRows(0xf6, 1, Operand.E, Operand.I, Immediate.Z);
}

function testRows(
  byte: i32,
  digit: i32,
  destination: Operand,
  source: Operand,
  immediate: Immediate,
): void {
  allWidthRows(
    OpcodeMap.OneByte,
    byte,
    digit,
    destination,
    source,
    immediate,
    0,
    (c, o) => Values.examine<And, u8>(c, o),
    (c, o) => Values.examine<And, u16>(c, o),
    (c, o) => Values.examine<And, u32>(c, o),
    (c, o) => Values.examine<And, u64>(c, o),
  );
}

export class And {
  @inline apply<T>(cpu: Processor, a: T, b: T): T {
    const result = <T>(a & b);
    Flags.logic<T>(cpu, result);
    return result;
  }
}

export class Or {
  @inline apply<T>(cpu: Processor, a: T, b: T): T {
    const result = <T>(a | b);
    Flags.logic<T>(cpu, result);
    return result;
  }
}

export class Xor {
  @inline apply<T>(cpu: Processor, a: T, b: T): T {
    const result = <T>(a ^ b);
    Flags.logic<T>(cpu, result);
    return result;
  }
}

/** It leaves all flags alone. */
class Not {
  @inline apply<T>(cpu: Processor, a: T): T {
    return <T>~a;
  }
}
