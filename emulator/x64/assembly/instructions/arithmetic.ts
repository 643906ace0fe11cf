// ADD, ADC, SUB, SBB, CMP, NEG, INC, DEC.
import { Attribute, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { twoOperandRows } from "../decode/two-operand-rows";
import { carry, Flags, Lazy, Wide } from "../flags/lazy-flags";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { changeOneRows, changeRows, Values } from "./value-operation";

export function arithmeticRows(): void {
  changeRows<Add>(0x00, 0);
  changeRows<AddCarry>(0x10, 2); // ADC
  changeRows<SubtractBorrow>(0x18, 3); // SBB
  changeRows<Subtract>(0x28, 5);
  twoOperandRows(
    0x38, // CMP
    7,
    0,
    (c, o) => Values.examine<Subtract, u8>(c, o),
    (c, o) => Values.examine<Subtract, u16>(c, o),
    (c, o) => Values.examine<Subtract, u32>(c, o),
    (c, o) => Values.examine<Subtract, u64>(c, o),
  );
  changeOneRows<Increment>(0xfe, 0);
  changeOneRows<Decrement>(0xfe, 1);
  changeOneRows<Negate>(0xf6, 3);
  // 64-bit code has REX prefixes there.
  for (let register = 0; register < 8; register++) {
    opcode(OpcodeMap.OneByte, 0x40 + register)
      .of(Operand.Z)
      .with(Attribute.Not64)
      .sizes(
        (c, o) => Values.changeOne<Increment, u16>(c, o),
        (c, o) => Values.changeOne<Increment, u32>(c, o),
        (c, o) => Values.changeOne<Increment, u64>(c, o),
      );
    opcode(OpcodeMap.OneByte, 0x48 + register)
      .of(Operand.Z)
      .with(Attribute.Not64)
      .sizes(
        (c, o) => Values.changeOne<Decrement, u16>(c, o),
        (c, o) => Values.changeOne<Decrement, u32>(c, o),
        (c, o) => Values.changeOne<Decrement, u64>(c, o),
      );
  }
}

export class Add {
  @inline apply<T>(cpu: Processor, a: T, b: T): T {
    const result = <T>(a + b);
    Flags.add<T>(cpu, a, b, result);
    return result;
  }
}

class AddCarry {
  @inline apply<T>(cpu: Processor, a: T, b: T): T {
    const result = <T>(a + b + <T>carry(cpu));
    Flags.add<T>(cpu, a, b, result);
    return result;
  }
}

export class Subtract {
  @inline apply<T>(cpu: Processor, a: T, b: T): T {
    const result = <T>(a - b);
    Flags.subtract<T>(cpu, a, b, result);
    return result;
  }
}

class SubtractBorrow {
  @inline apply<T>(cpu: Processor, a: T, b: T): T {
    const result = <T>(a - b - <T>carry(cpu));
    Flags.borrow<T>(cpu, a, b, result);
    return result;
  }
}

export class Increment {
  @inline apply<T>(cpu: Processor, a: T): T {
    const result = <T>(a + 1);
    keepCarry(cpu);
    Flags.leave(cpu, Lazy.Increment, Wide.signed<T>(a), 1, Wide.signed<T>(result));
    return result;
  }
}

export class Decrement {
  @inline apply<T>(cpu: Processor, a: T): T {
    const result = <T>(a - 1);
    keepCarry(cpu);
    Flags.leave(cpu, Lazy.Decrement, Wide.signed<T>(a), 1, Wide.signed<T>(result));
    return result;
  }
}

class Negate {
  @inline apply<T>(cpu: Processor, a: T): T {
    const result = <T>(0 - a);
    Flags.subtract<T>(cpu, 0, a, result);
    return result;
  }
}

/** INC and DEC leave CF alone. */
function keepCarry(cpu: Processor): void {
  const kind = <i32>cpu.lazyKind;
  // The flag is where it belongs already.
  if (kind == Lazy.Explicit || kind >= Lazy.Increment) return;
  const flags = cpu.flags & ~(<u64>Flag.Carry);
  cpu.flags = carry(cpu) ? flags | Flag.Carry : flags;
}
