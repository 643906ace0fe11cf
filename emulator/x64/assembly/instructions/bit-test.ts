// BT, BTS, BTR, BTC.
import { Attribute, Column, Immediate, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { Wide } from "../flags/lazy-flags";
import { replaceFlags } from "../flags/replace-flags";
import { slowAddress } from "../memory/address";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

/** What becomes of the bit. */
enum Change {
  Set = 0,
  Reset = 1,
  Complement = 2,
}

export function bitTestRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0xa3)
    .of(Operand.E, Operand.G)
    .sizes(
      (c, o) => testInString<u16>(c, o),
      (c, o) => testInString<u32>(c, o),
      (c, o) => testInString<u64>(c, o),
    );
  opcode(two, 0xba, Column.Any, 4)
    .of(Operand.E, Operand.I, Immediate.U8)
    .sizes(
      (c, o) => testInOperand<u16>(c, o),
      (c, o) => testInOperand<u32>(c, o),
      (c, o) => testInOperand<u64>(c, o),
    );
  opcode(two, 0xab)
    .of(Operand.E, Operand.G)
    .with(Attribute.Lockable)
    .sizes(
      (c, o) => changeInString<u16>(c, o, Change.Set),
      (c, o) => changeInString<u32>(c, o, Change.Set),
      (c, o) => changeInString<u64>(c, o, Change.Set),
    );
  opcode(two, 0xb3)
    .of(Operand.E, Operand.G)
    .with(Attribute.Lockable)
    .sizes(
      (c, o) => changeInString<u16>(c, o, Change.Reset),
      (c, o) => changeInString<u32>(c, o, Change.Reset),
      (c, o) => changeInString<u64>(c, o, Change.Reset),
    );
  opcode(two, 0xbb)
    .of(Operand.E, Operand.G)
    .with(Attribute.Lockable)
    .sizes(
      (c, o) => changeInString<u16>(c, o, Change.Complement),
      (c, o) => changeInString<u32>(c, o, Change.Complement),
      (c, o) => changeInString<u64>(c, o, Change.Complement),
    );
  opcode(two, 0xba, Column.Any, 5)
    .of(Operand.E, Operand.I, Immediate.U8)
    .with(Attribute.Lockable)
    .sizes(
      (c, o) => changeInOperand<u16>(c, o, Change.Set),
      (c, o) => changeInOperand<u32>(c, o, Change.Set),
      (c, o) => changeInOperand<u64>(c, o, Change.Set),
    );
  opcode(two, 0xba, Column.Any, 6)
    .of(Operand.E, Operand.I, Immediate.U8)
    .with(Attribute.Lockable)
    .sizes(
      (c, o) => changeInOperand<u16>(c, o, Change.Reset),
      (c, o) => changeInOperand<u32>(c, o, Change.Reset),
      (c, o) => changeInOperand<u64>(c, o, Change.Reset),
    );
  opcode(two, 0xba, Column.Any, 7)
    .of(Operand.E, Operand.I, Immediate.U8)
    .with(Attribute.Lockable)
    .sizes(
      (c, o) => changeInOperand<u16>(c, o, Change.Complement),
      (c, o) => changeInOperand<u32>(c, o, Change.Complement),
      (c, o) => changeInOperand<u64>(c, o, Change.Complement),
    );
}

/** Bits are counted in units as wide as the operands. */
class Bits {
  /** The place of the bit in its unit. */
  @inline static mask<T>(op: Operation): T {
    return <T>((<u64>1) << (load<u8>(op.source) & (sizeof<T>() * 8 - 1)));
  }

  /**
   * Of a string of bits in memory: the address of the unit that has the bit. The offset in the
   * source register has a sign (SDM vol. 1, 4.6.1: "bit string").
   */
  @inline static address<T>(cpu: Processor, op: Operation, isWrite: bool): u64 {
    const offset = Wide.signed<T>(load<T>(op.source));
    const shift = sizeof<T>() == 8 ? 6 : sizeof<T>() == 4 ? 5 : 4;
    const behind = (offset >> shift) * <i64>sizeof<T>();
    return slowAddress(cpu, op, behind, sizeof<T>(), isWrite);
  }

  /** ZF stays; the others are undefined, and stay, too. */
  @inline static leaveFlags(cpu: Processor, isSet: bool): void {
    replaceFlags(cpu, Flag.Carry, isSet ? <u32>Flag.Carry : 0);
  }
}

function testInString<T>(cpu: Processor, op: Operation): i32 {
  const register = op.destination;
  const target = register != 0 ? register : cpu.readAt<T>(Bits.address<T>(cpu, op, false));
  return test<T>(cpu, op, target);
}

function testInOperand<T>(cpu: Processor, op: Operation): i32 {
  return test<T>(cpu, op, cpu.target<T>(op));
}

function test<T>(cpu: Processor, op: Operation, target: usize): i32 {
  if (target == 0) return After.Fault;
  Bits.leaveFlags(cpu, (load<T>(target) & Bits.mask<T>(op)) != 0);
  return After.Next;
}

function changeInString<T>(cpu: Processor, op: Operation, how: Change): i32 {
  const register = op.destination;
  const target = register != 0 ? register : cpu.updateAt<T>(Bits.address<T>(cpu, op, true));
  return change<T>(cpu, op, target, how);
}

function changeInOperand<T>(cpu: Processor, op: Operation, how: Change): i32 {
  return change<T>(cpu, op, cpu.update<T>(op), how);
}

function change<T>(cpu: Processor, op: Operation, target: usize, how: Change): i32 {
  if (target == 0) return After.Fault;
  const value = load<T>(target);
  const mask = Bits.mask<T>(op);
  Bits.leaveFlags(cpu, (value & mask) != 0);
  return cpu.put<T>(op, target, changed<T>(value, mask, how));
}

function changed<T>(value: T, mask: T, how: Change): T {
  if (how == Change.Set) return <T>(value | mask);
  if (how == Change.Reset) return <T>(value & ~mask);
  return <T>(value ^ mask);
}
