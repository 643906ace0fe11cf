// AAA, AAS, AAM, AAD, DAA, DAS: 64-bit code does not have them.
import { Attribute, Immediate, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { adjust, carry, Flags } from "../flags/lazy-flags";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { Vector } from "../state/vectors";

export function decimalRows(): void {
  const one = OpcodeMap.OneByte;
  opcode(one, 0x27)
    .with(Attribute.Not64)
    .does((c, o) => adjustPacked(c, 1));
  opcode(one, 0x2f)
    .with(Attribute.Not64)
    .does((c, o) => adjustPacked(c, -1));
  opcode(one, 0x37)
    .with(Attribute.Not64)
    .does((c, o) => adjustUnpacked(c, 1));
  opcode(one, 0x3f)
    .with(Attribute.Not64)
    .does((c, o) => adjustUnpacked(c, -1));
  opcode(one, 0xd4)
    .of(Operand.None, Operand.I, Immediate.U8)
    .with(Attribute.Not64)
    .does((c, o) => afterMultiply(c, o));
  opcode(one, 0xd5)
    .of(Operand.None, Operand.I, Immediate.U8)
    .with(Attribute.Not64)
    .does((c, o) => beforeDivide(c, o));
}

/** DAA and DAS. @param sign 1 after an addition, -1 after a subtraction */
function adjustPacked(cpu: Processor, sign: i32): i32 {
  const al = <i32>load<u8>(cpu.register(GeneralRegister.Rax));
  const hasCarry = carry(cpu);
  const isLowOver = (al & 15) > 9 || adjust(cpu);
  const isHighOver = al > 0x99 || hasCarry;
  let result = al;
  let flags: u32 = 0;
  if (isLowOver) {
    result += sign * 6;
    flags |= Flag.Adjust;
    // The borrow of DAS's first step counts even if the second one does not come.
    if (result < 0) flags |= Flag.Carry;
  }
  if (isHighOver) {
    result += sign * 0x60;
    flags |= Flag.Carry;
  }
  store<u8>(cpu.register(GeneralRegister.Rax), <u8>result);
  Flags.result<u8>(cpu, <u8>result, flags);
  return After.Next;
}

/** AAA and AAS. @param sign 1 after an addition, -1 after a subtraction */
function adjustUnpacked(cpu: Processor, sign: i32): i32 {
  const rax = cpu.register(GeneralRegister.Rax);
  const isOver = (load<u8>(rax) & 15) > 9 || adjust(cpu);
  if (isOver) store<u16>(rax, <u16>(<i32>load<u16>(rax) + sign * 0x106));
  const al = <u8>(load<u8>(rax) & 15);
  store<u8>(rax, al);
  Flags.result<u8>(cpu, al, isOver ? Flag.Carry | Flag.Adjust : 0);
  return After.Next;
}

/** AAM. */
function afterMultiply(cpu: Processor, op: Operation): i32 {
  const base = <u32>op.immediate;
  if (base == 0) return cpu.raise(Vector.DivideError);
  const rax = cpu.register(GeneralRegister.Rax);
  const al = <u32>load<u8>(rax);
  store<u8>(rax + 1, <u8>(al / base));
  store<u8>(rax, <u8>(al % base));
  Flags.result<u8>(cpu, <u8>(al % base), 0);
  return After.Next;
}

/** AAD. */
function beforeDivide(cpu: Processor, op: Operation): i32 {
  const rax = cpu.register(GeneralRegister.Rax);
  const al = <u8>(<u32>load<u8>(rax) + <u32>load<u8>(rax + 1) * <u32>op.immediate);
  store<u16>(rax, al);
  Flags.result<u8>(cpu, al, 0);
  return After.Next;
}
