import { Stop } from "../state/after";
import { EventKind } from "../state/event";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";
import { updateAttention } from "./attention";
import { enterHandler } from "./enter-handler";

/** Delivers the exception that is pending. @returns false: the run ends with `cpu.stop` */
export function deliverException(cpu: Processor): bool {
  return deliverEvent(cpu, cpu.faultKind);
}

/**
 * The program asks for an exception.
 * @param kind `EventKind.Software`, or `SoftwareDebug` for INT1
 */
export function raiseSoftware(cpu: Processor, op: Operation, vector: u32, kind: EventKind): i32 {
  const after = cpu.raise(vector);
  cpu.faultHasError = false;
  cpu.faultKind = kind;
  cpu.faultLength = op.length;
  return after;
}

/** Delivers what is pending as something else than a fault. */
export function deliverEvent(cpu: Processor, kind: EventKind): bool {
  if (cpu.interceptsExceptions && kind != EventKind.External) {
    cpu.stop = Stop.Exception;
    return false;
  }
  // It counts as an instruction: a handler that faults before its first one must not be endless.
  cpu.budget--;
  cpu.deliveries++;
  // Traps of an instruction that is to be executed again come again.
  if (kind == EventKind.Fault) cpu.debugPending = 0;
  // No instruction is being executed that could be executed again, and looked at more closely.
  cpu.isCareful = true;
  const isDelivered = deliverUntilDone(cpu, kind);
  cpu.isCareful = false;
  updateAttention(cpu);
  if (!isDelivered) cpu.stop = Stop.Shutdown;
  return isDelivered;
}

/** @returns false: triple fault */
function deliverUntilDone(cpu: Processor, kind: EventKind): bool {
  let vector = cpu.faultVector;
  while (!enterHandler(cpu, kind)) {
    const isException = kind == EventKind.Fault || kind == EventKind.Trap;
    if (isException && isDouble(vector, cpu.faultVector)) {
      if (vector == Vector.DoubleFault) return false;
      cpu.raise(Vector.DoubleFault);
    }
    vector = cpu.faultVector;
    kind = EventKind.Fault;
  }
  return true;
}

/** Whether the second exception, in delivering the first, is a double fault (SDM vol. 3A, table 6-5). */
function isDouble(first: u32, second: u32): bool {
  if (first == Vector.DoubleFault) return second == Vector.PageFault || isContributory(second);
  if (first == Vector.PageFault) return second == Vector.PageFault || isContributory(second);
  return isContributory(first) && isContributory(second);
}

function isContributory(vector: u32): bool {
  if (vector == Vector.DivideError) return true;
  return vector >= <u32>Vector.InvalidTss && vector <= <u32>Vector.GeneralProtection;
}
