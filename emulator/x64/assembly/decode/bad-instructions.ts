/** The handlers of what is no instruction, or is none that may be executed. */
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";

export function raiseInvalidOpcode(cpu: Processor, op: Operation): i32 {
  return cpu.raise(Vector.InvalidOpcode);
}

export function raisePrivilege(cpu: Processor, op: Operation): i32 {
  return cpu.raise(Vector.GeneralProtection);
}

export function raiseTooLong(cpu: Processor, op: Operation): i32 {
  return cpu.raise(Vector.GeneralProtection);
}
