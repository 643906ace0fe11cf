import { Addressing, Operation, Prefix } from "../state/operation";
import { HotKind } from "./kinds";

/**
 * Finds the case that executes an operation.
 * @param first of the kinds that its row's forms have
 * @param width 0 for 8 bits, 1 for 16, 2 for 32, 3 for 64
 * @param isMemory the ModRM byte names memory
 * @returns 0 if there is none for this form of it
 */
export function hotKindOf(op: Operation, first: i32, width: u32, isMemory: bool): u16 {
  if (first == HotKind.None || width == 1) return 0;
  // Atomic only matters where another processor looks on, but rare it is in any case.
  if ((op.prefixes & Prefix.Lock) != 0) return 0;
  if (isMemory && op.addressing != Addressing.Flat64) return 0;
  const isWide: i32 = width == 3 ? 1 : 0;
  if (first <= HotKind.TestRegister8) {
    const widthNumber: i32 = width == 0 ? 0 : <i32>width - 1;
    return <u16>(first + widthNumber * 3 + formOf(op));
  }
  if (first <= HotKind.SignExtend32Register32) {
    return <u16>(first + isWide * 2 + (op.source == 0 ? 1 : 0));
  }
  if (first == HotKind.JumpIfOverflow) return <u16>(first + op.reg);
  if (first == HotKind.Push) return op.source == 0 ? 0 : <u16>first;
  if (first == HotKind.LoadAddress32) return <u16>(first + isWide);
  if (first >= HotKind.Jump) return <u16>first;
  if (op.destination == 0) return 0;
  return <u16>(first == HotKind.Pop ? first : first + isWide);
}

/** In the order of the kinds: with a register or an immediate, from memory, to memory. */
function formOf(op: Operation): i32 {
  if (op.destination == 0) return 2;
  return op.source == 0 ? 1 : 0;
}
