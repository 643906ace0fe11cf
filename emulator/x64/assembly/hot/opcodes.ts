import { findRow, OpcodeMap } from "../decode/opcode-map";
import { HotKind } from "./kinds";

/** Names the opcodes whose instructions have cases of their own. After all rows are there. */
export function markHotOpcodes(): void {
  markTwoOperand(0x00, 0, HotKind.AddRegister8);
  markTwoOperand(0x08, 1, HotKind.OrRegister8);
  markTwoOperand(0x20, 4, HotKind.AndRegister8);
  markTwoOperand(0x28, 5, HotKind.SubtractRegister8);
  markTwoOperand(0x30, 6, HotKind.XorRegister8);
  markTwoOperand(0x38, 7, HotKind.CompareRegister8);
  const one = OpcodeMap.OneByte;
  markRange(one, 0x84, 2, 0, HotKind.TestRegister8);
  markRange(one, 0xa8, 2, 0, HotKind.TestRegister8);
  markRange(one, 0xf6, 2, 0, HotKind.TestRegister8);
  markRange(one, 0x88, 4, 0, HotKind.MoveRegister8);
  markRange(one, 0xb0, 16, 0, HotKind.MoveRegister8);
  markRange(one, 0xc6, 2, 0, HotKind.MoveRegister8);
  mark(one, 0x63, 0, HotKind.SignExtend32Register32);
  const two = OpcodeMap.TwoByte;
  mark(two, 0xb6, 0, HotKind.ZeroExtend8Register32);
  mark(two, 0xb7, 0, HotKind.ZeroExtend16Register32);
  mark(two, 0xbe, 0, HotKind.SignExtend8Register32);
  mark(two, 0xbf, 0, HotKind.SignExtend16Register32);
  mark(one, 0x8d, 0, HotKind.LoadAddress32);
  mark(one, 0xff, 0, HotKind.Increment32);
  mark(one, 0xff, 1, HotKind.Decrement32);
  markShift(4, HotKind.ShiftLeft32);
  markShift(5, HotKind.ShiftRight32);
  markShift(7, HotKind.ShiftRightSigned32);
  markRange(one, 0x50, 8, 0, HotKind.Push);
  mark(one, 0x68, 0, HotKind.Push);
  mark(one, 0x6a, 0, HotKind.Push);
  markRange(one, 0x58, 8, 0, HotKind.Pop);
  mark(one, 0xe9, 0, HotKind.Jump);
  mark(one, 0xeb, 0, HotKind.Jump);
  markRange(one, 0x70, 16, 0, HotKind.JumpIfOverflow);
  markRange(two, 0x80, 16, 0, HotKind.JumpIfOverflow);
  mark(one, 0xe8, 0, HotKind.Call);
  mark(one, 0xc3, 0, HotKind.Return);
}

/** @param digit of the ModRM byte after 80, 81 and 83 */
function markTwoOperand(base: i32, digit: i32, first: HotKind): void {
  markRange(OpcodeMap.OneByte, base, 6, 0, first);
  mark(OpcodeMap.OneByte, 0x80, digit, first);
  mark(OpcodeMap.OneByte, 0x81, digit, first);
  mark(OpcodeMap.OneByte, 0x83, digit, first);
}

/** By an immediate, by 1 and by CL. */
function markShift(digit: i32, first: HotKind): void {
  mark(OpcodeMap.OneByte, 0xc1, digit, first);
  mark(OpcodeMap.OneByte, 0xd1, digit, first);
  mark(OpcodeMap.OneByte, 0xd3, digit, first);
}

function markRange(map: OpcodeMap, begin: i32, count: i32, digit: i32, first: HotKind): void {
  for (let byte = begin; byte < begin + count; byte++) mark(map, byte, digit, first);
}

/** @param first of the kinds that its forms have. Of the row without a mandatory prefix, in memory and in registers. */
function mark(map: OpcodeMap, byte: i32, digit: i32, first: HotKind): void {
  for (let form = 0; form < 2; form++) {
    const row = findRow(map, byte, 0, digit, form);
    if (row !== null) row.hotCases = <u8>first;
  }
}
