import { findRow, OpcodeMap } from "../decode/opcode-map";
import { Hot } from "./kinds";

/** Names the opcodes whose instructions have cases of their own. After all rows are there. */
export function markHotOpcodes(): void {
  markTwoOperand(0x00, 0, Hot.Add);
  markTwoOperand(0x08, 1, Hot.Or);
  markTwoOperand(0x20, 4, Hot.And);
  markTwoOperand(0x28, 5, Hot.Subtract);
  markTwoOperand(0x30, 6, Hot.Xor);
  markTwoOperand(0x38, 7, Hot.Compare);
  const one = OpcodeMap.OneByte;
  markRange(one, 0x84, 2, 0, Hot.Test);
  markRange(one, 0xa8, 2, 0, Hot.Test);
  markRange(one, 0xf6, 2, 0, Hot.Test);
  markRange(one, 0x88, 4, 0, Hot.Move);
  markRange(one, 0xb0, 16, 0, Hot.Move);
  markRange(one, 0xc6, 2, 0, Hot.Move);
  mark(one, 0x63, 0, Hot.SignExtend32);
  const two = OpcodeMap.TwoByte;
  mark(two, 0xb6, 0, Hot.ZeroExtend8);
  mark(two, 0xb7, 0, Hot.ZeroExtend16);
  mark(two, 0xbe, 0, Hot.SignExtend8);
  mark(two, 0xbf, 0, Hot.SignExtend16);
  mark(one, 0x8d, 0, Hot.LoadAddress);
  mark(one, 0xff, 0, Hot.Increment);
  mark(one, 0xff, 1, Hot.Decrement);
  markShift(4, Hot.ShiftLeft);
  markShift(5, Hot.ShiftRight);
  markShift(7, Hot.ShiftRightSigned);
  markRange(one, 0x50, 8, 0, Hot.Push);
  mark(one, 0x68, 0, Hot.Push);
  mark(one, 0x6a, 0, Hot.Push);
  markRange(one, 0x58, 8, 0, Hot.Pop);
  mark(one, 0xe9, 0, Hot.Jump);
  mark(one, 0xeb, 0, Hot.Jump);
  markRange(one, 0x70, 16, 0, Hot.JumpIf);
  markRange(two, 0x80, 16, 0, Hot.JumpIf);
  mark(one, 0xe8, 0, Hot.Call);
  mark(one, 0xc3, 0, Hot.Return);
}

/** @param digit of the ModRM byte after 80, 81 and 83 */
function markTwoOperand(base: i32, digit: i32, hot: Hot): void {
  markRange(OpcodeMap.OneByte, base, 6, 0, hot);
  mark(OpcodeMap.OneByte, 0x80, digit, hot);
  mark(OpcodeMap.OneByte, 0x81, digit, hot);
  mark(OpcodeMap.OneByte, 0x83, digit, hot);
}

/** By an immediate, by 1 and by CL. */
function markShift(digit: i32, hot: Hot): void {
  mark(OpcodeMap.OneByte, 0xc1, digit, hot);
  mark(OpcodeMap.OneByte, 0xd1, digit, hot);
  mark(OpcodeMap.OneByte, 0xd3, digit, hot);
}

function markRange(map: OpcodeMap, first: i32, count: i32, digit: i32, hot: Hot): void {
  for (let byte = first; byte < first + count; byte++) mark(map, byte, digit, hot);
}

/** Of the row without a mandatory prefix, in memory and in registers. */
function mark(map: OpcodeMap, byte: i32, digit: i32, hot: Hot): void {
  for (let form = 0; form < 2; form++) {
    const row = findRow(map, byte, 0, digit, form);
    if (row !== null) row.hotCases = <u8>hot;
  }
}
