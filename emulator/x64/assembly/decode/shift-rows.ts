import { Operation } from "../state/operation";
import { allWidthRows } from "./all-width-rows";
import { Handler, Immediate, OpcodeMap, Operand } from "./opcode-map";

/**
 * The encodings that shifts and rotations have each: by an immediate, by 1, and by CL.
 * @param digit of the ModRM byte
 */
export function shiftRows(
  digit: i32,
  handler8: Handler,
  handler16: Handler,
  handler32: Handler,
  handler64: Handler,
): void {
  shiftRowsBy(0xc0, digit, Operand.I, handler8, handler16, handler32, handler64);
  shiftRowsBy(0xd0, digit, Operand.None, handler8, handler16, handler32, handler64);
  shiftRowsBy(0xd2, digit, Operand.Cl, handler8, handler16, handler32, handler64);
}

function shiftRowsBy(
  byte: i32,
  digit: i32,
  count: Operand,
  handler8: Handler,
  handler16: Handler,
  handler32: Handler,
  handler64: Handler,
): void {
  allWidthRows(
    OpcodeMap.OneByte,
    byte,
    digit,
    Operand.E,
    count,
    count == Operand.I ? Immediate.U8 : Immediate.None,
    0,
    handler8,
    handler16,
    handler32,
    handler64,
  );
}

/** By how many bits: of an instruction that {@link shiftRows} has named. */
export class ShiftCount {
  /** Only 5 bits of it count, and 6 for operands of 64 bits. */
  @inline static of<T>(op: Operation): u64 {
    if (op.source == 0) return 1;
    return load<u8>(op.source) & (sizeof<T>() == 8 ? 63 : 31);
  }
}
