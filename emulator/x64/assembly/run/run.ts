import { Block } from "../blocks/block";
import { stopsAtRip } from "../debugger/host-breakpoints";
import { HostWatchpoints } from "../debugger/host-watchpoints";
import { attend } from "../exceptions/between-instructions";
import { deliverException } from "../exceptions/deliver";
import { execute, nextBlock } from "../hot/execute";
import { CAREFUL } from "../memory/access";
import { After, Stop } from "../state/after";
import { Operation, Prefix } from "../state/operation";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";
import { instructionsDone } from "./instruction-count";
import { step } from "./step";

/**
 * The loop is left and entered again after so many instructions: WebAssembly engines compile a
 * function that is often called once more, and better, but go on with the old code in a call that
 * does not end.
 */
const INSTRUCTIONS_AT_ONCE: i64 = 1 << 20;

/**
 * Executes at the most so many instructions; an exception that is delivered counts as one, too.
 * @returns of {@link Stop}, why it has ended
 */
export function run(cpu: Processor, budget: i64): Stop {
  const watchpoints = changetype<HostWatchpoints>(cpu.watchpoints);
  watchpoints.hit = 0;
  cpu.stop = Stop.Budget;
  cpu.passesBreakpoint = true;
  let left = budget;
  let goesOn = true;
  while (goesOn && left > 0) {
    const most = min(left, INSTRUCTIONS_AT_ONCE);
    cpu.budget = most;
    cpu.instructionsAtEnd = cpu.instructions + <u64>most;
    goesOn = runOn(cpu, watchpoints);
    const done = most - cpu.budget;
    cpu.instructions += done;
    left -= done;
  }
  if (watchpoints.hit != 0) cpu.stop = Stop.Watchpoint;
  return cpu.stop;
}

/** @returns whether the run goes on when the budget is used up */
function runOn(cpu: Processor, watchpoints: HostWatchpoints): bool {
  while (cpu.budget > 0) {
    if (stopsAtRip(cpu)) {
      cpu.stop = Stop.Breakpoint;
      return false;
    }
    if (!(cpu.attention != 0 ? attend(cpu) : executeNext(cpu))) return false;
    if (watchpoints.hit != 0) return false;
  }
  return true;
}

function executeNext(cpu: Processor): bool {
  const block = nextBlock(cpu);
  const isWhole = block != 0 && changetype<Block>(block).count <= <u64>cpu.budget;
  return isWhole ? execute(cpu, changetype<Block>(block)) : step(cpu);
}

/** An instruction has ended otherwise than by leading to the next one. */
export function finish(cpu: Processor, op: Operation, after: i32): bool {
  if (after == After.Stop) {
    cpu.rip += op.next;
    cpu.budget--;
    return false;
  }
  cpu.rip += op.next - op.length;
  if (after == After.Repeat) {
    cpu.budget--;
    cpu.repeatedAt = instructionsDone(cpu);
    return true;
  }
  if (cpu.faultVector == CAREFUL) return step(cpu);
  if (cpu.faultIsForAddress && op.has(Prefix.StackSegment)) cpu.faultVector = Vector.StackFault;
  return deliverException(cpu);
}
