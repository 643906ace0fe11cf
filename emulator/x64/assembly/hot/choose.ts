import { Addressing, Operation, Prefix } from "../state/operation";
import { Hot, HotForm, KINDS_PER_HOT } from "./kinds";

/**
 * Finds the case that executes an operation.
 * @param hot what its row names
 * @param width 0 for 8 bits, 1 for 16, 2 for 32, 3 for 64
 * @param isMemory the ModRM byte names memory
 * @returns 0 if there is none for this form of it
 */
export function hotKindOf(op: Operation, hot: i32, width: u32, isMemory: bool): u16 {
  if (hot == Hot.None || width == 1) return 0;
  // Atomic only matters where another processor looks on, but rare it is in any case.
  if ((op.prefixes & Prefix.Lock) != 0) return 0;
  if (isMemory && op.addressing != Addressing.Flat64) return 0;
  if (hot == Hot.JumpIf) return <u16>(Hot.JumpIf * KINDS_PER_HOT + op.reg);
  const form = formOf(op, hot);
  return form < 0 ? 0 : <u16>(hot * KINDS_PER_HOT + (width == 0 ? 0 : (width - 1) * 4) + form);
}

/** @returns -1: the handler does it */
function formOf(op: Operation, hot: i32): i32 {
  if (hot <= Hot.Test) {
    if (op.destination == 0) return HotForm.Store;
    return op.source == 0 ? HotForm.Load : HotForm.Register;
  }
  if (hot <= Hot.SignExtend32) return op.source == 0 ? HotForm.Load : HotForm.Register;
  if (hot == Hot.LoadAddress || hot >= Hot.Jump) return 0;
  const register = hot == Hot.Push ? op.source : op.destination;
  return register == 0 ? -1 : 0;
}
