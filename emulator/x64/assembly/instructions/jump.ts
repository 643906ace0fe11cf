// Jcc, JMP, JCXZ, LOOP: near ones. Far jumps are in system/.
import { Attribute, Column, Immediate, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { condition } from "../flags/conditions";
import { zero } from "../flags/lazy-flags";
import { Branch } from "../run/branch";
import { addressMask, setMasked } from "../state/address-size";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation, Prefix } from "../state/operation";
import { Processor } from "../state/processor";

/**
 * In 64-bit code the operands of near branches always have 64 bits, as Intel's processors have it;
 * on AMD's a prefix 66 cuts RIP to 16 bits.
 */
const NEAR: u32 = Attribute.Force64 | Attribute.EndsBlock;

export function jumpRows(): void {
  for (let code = 0; code < 16; code++) {
    jumpIfRow(OpcodeMap.OneByte, 0x70 + code, Immediate.I8);
    jumpIfRow(OpcodeMap.TwoByte, 0x80 + code, Immediate.Z);
  }
  jumpRow(0xeb, Immediate.I8);
  jumpRow(0xe9, Immediate.Z);
  opcode(OpcodeMap.OneByte, 0xff, Column.Any, 4)
    .of(Operand.None, Operand.E)
    .with(NEAR)
    .sizes(
      (c, o) => jumpIndirect<u16>(c, o),
      (c, o) => jumpIndirect<u32>(c, o),
      (c, o) => jumpIndirect<u64>(c, o),
    );
  opcode(OpcodeMap.OneByte, 0xe0)
    .of(Operand.None, Operand.I, Immediate.I8)
    .with(NEAR)
    .sizes(
      (c, o) => loopWhile<u16>(c, o, false),
      (c, o) => loopWhile<u32>(c, o, false),
      (c, o) => loopWhile<u64>(c, o, false),
    );
  opcode(OpcodeMap.OneByte, 0xe1)
    .of(Operand.None, Operand.I, Immediate.I8)
    .with(NEAR)
    .sizes(
      (c, o) => loopWhile<u16>(c, o, true),
      (c, o) => loopWhile<u32>(c, o, true),
      (c, o) => loopWhile<u64>(c, o, true),
    );
  opcode(OpcodeMap.OneByte, 0xe2)
    .of(Operand.None, Operand.I, Immediate.I8)
    .with(NEAR)
    .sizes(
      (c, o) => loop<u16>(c, o, true),
      (c, o) => loop<u32>(c, o, true),
      (c, o) => loop<u64>(c, o, true),
    );
  opcode(OpcodeMap.OneByte, 0xe3)
    .of(Operand.None, Operand.I, Immediate.I8)
    .with(NEAR)
    .sizes(
      (c, o) => jumpIfCountZero<u16>(c, o),
      (c, o) => jumpIfCountZero<u32>(c, o),
      (c, o) => jumpIfCountZero<u64>(c, o),
    );
}

function jumpIfRow(map: OpcodeMap, byte: i32, immediate: Immediate): void {
  opcode(map, byte)
    .of(Operand.None, Operand.I, immediate)
    .with(NEAR | Attribute.Condition)
    .sizes(
      (c, o) => jumpIf<u16>(c, o),
      (c, o) => jumpIf<u32>(c, o),
      (c, o) => jumpIf<u64>(c, o),
    );
}

function jumpRow(byte: i32, immediate: Immediate): void {
  opcode(OpcodeMap.OneByte, byte)
    .of(Operand.None, Operand.I, immediate)
    .with(NEAR)
    .sizes(
      (c, o) => jump<u16>(c, o),
      (c, o) => jump<u32>(c, o),
      (c, o) => jump<u64>(c, o),
    );
}

function jump<T>(cpu: Processor, op: Operation): i32 {
  return Branch.to<T>(cpu, Branch.next(cpu, op) + op.immediate);
}

function jumpIf<T>(cpu: Processor, op: Operation): i32 {
  return condition(cpu, op.reg) ? jump<T>(cpu, op) : Branch.over(cpu, op);
}

function jumpIndirect<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  return Branch.to<T>(cpu, <u64>load<T>(source));
}

/**
 * F3 and F2, of which the manuals say nothing here, stand in for the opcode's condition on AMD's
 * Zen 5: as they do for string instructions.
 */
function loopWhile<T>(cpu: Processor, op: Operation, isZeroWanted: bool): i32 {
  let isWanted = isZeroWanted;
  if (op.has(Prefix.Repeat)) isWanted = true;
  else if (op.has(Prefix.RepeatNotEqual)) isWanted = false;
  return loop<T>(cpu, op, zero(cpu) == isWanted);
}

/** The address size says what is counted: RCX, ECX or CX. If the branch faults it is not. */
function loop<T>(cpu: Processor, op: Operation, mayGoOn: bool): i32 {
  const mask = addressMask(cpu, op);
  const count = (cpu.rcx - 1) & mask;
  const after = count != 0 && mayGoOn ? jump<T>(cpu, op) : Branch.over(cpu, op);
  if (after == After.Jump) setMasked(cpu.register(GeneralRegister.Rcx), count, mask);
  return after;
}

function jumpIfCountZero<T>(cpu: Processor, op: Operation): i32 {
  const isZero = (cpu.rcx & addressMask(cpu, op)) == 0;
  return isZero ? jump<T>(cpu, op) : Branch.over(cpu, op);
}
