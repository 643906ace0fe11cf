import type { Draft } from "../draft/draft.js";
import { bug } from "./bug.js";
import type { Family } from "./family.js";
import { hungTask } from "./hung-task.js";
import { interruptedFrames } from "./interrupted.js";
import { kasan } from "./kasan.js";
import { lockdep } from "./lockdep.js";
import { softLockup } from "./lockups.js";
import { outOfMemory } from "./out-of-memory.js";
import { nullDereference, pageFault } from "./page-fault.js";
import { rcuStall } from "./rcu-stall.js";
import { generalProtection } from "./traps.js";
import { usercopy } from "./usercopy.js";
import { warning } from "./warning.js";

/** Functions that stand in the trace of one kind of report only. */
const BY_FUNCTION: readonly (readonly [RegExp, Family])[] = [
  [/^(?:usercopy_abort|__check_object_size|__check_heap_object)$/, usercopy],
  [/^(?:kasan_report|__asan_report_\w+|print_address_description)$/, kasan],
  [/^(?:rcu_sched_clock_irq|rcu_check_callbacks|print_cpu_stall|rcu_dump_cpu_stacks)$/, rcuStall],
  [/^watchdog_timer_fn$/, softLockup],
  [/^(?:oom_kill_process|dump_header|out_of_memory)$/, outOfMemory],
  [/^(?:__warn|report_bug|warn_slowpath_\w+)$/, warning],
  [/^(?:exc_general_protection|asm_exc_general_protection|general_protection)$/, generalProtection],
  [/^(?:asm_exc_page_fault|exc_page_fault|page_fault|async_page_fault|do_page_fault)$/, pageFault],
];

/** The first lines of a report's body: what is there when the start of it is cut off. */
const BODY = [
  "Call Trace:",
  "Call trace:",
  "CPU: ",
  "RIP: 0010:",
  "RIP: e030:",
  "RIP  [<",
  "EIP: 0060:",
  "EIP: ",
  "EIP is at",
  "Modules linked in:",
  "---[ end trace",
  "FS:  ",
  "CS:  0010",
  "CR2: ",
  "other info that might help us debug this:",
  "Possible unsafe locking scenario:",
  "Possible interrupt unsafe locking scenario:",
  "stack backtrace:",
];

/** Whether a message may be of the body of a report whose start is cut off. */
export function mayBeBody(text: string, at: number): boolean {
  for (const start of BODY) if (text.startsWith(start, at)) return true;
  return false;
}

/**
 * The family of a report whose first line is missing, by what is there. A trace alone is no
 * report: drivers print some, and so does whoever asks for one by SysRq.
 */
export function guessFamily(draft: Draft): Family | undefined {
  const lockdepWords =
    /^\s*(?:other info that might help us|Possible (?:interrupt )?unsafe locking|\*\*\* DEADLOCK)/;
  if (draft.text.filter((line) => lockdepWords.test(line)).length > 1) return lockdep;
  const names = new Set(draft.traces.frames.map(({ symbol }) => symbol?.replace(/\..*/, "") ?? ""));
  const registers = draft.registers.blocks.some(({ values }) => values.size > 2);
  const pointer = draft.traces.frames.some(({ role }) => role === "instruction");
  if (
    !draft.endTrace &&
    !(pointer && registers && draft.traces.frames.length > 1) &&
    !draft.panicked
  ) {
    const telling = BY_FUNCTION.slice(0, 3).find(([name]) => [...names].some((n) => name.test(n)));
    return telling?.[1];
  }
  const found = BY_FUNCTION.find(([name]) => [...names].some((n) => name.test(n)));
  if (found !== undefined && found[1] !== pageFault) return found[1];
  if (interruptedFrames(draft.traces.frames).length === 0 && !draft.endTrace) return undefined;
  const code = draft.registers.blocks.find((block) => block.code !== undefined)?.code;
  // UD2, Intel SDM vol. 2B: BUG() and WARN() trap by it.
  if (code?.bytes[code.trapOffset] === 0x0f && code.bytes[code.trapOffset + 1] === 0x0b) {
    return draft.endTrace && !draft.died ? warning : bug;
  }
  const address = draft.registers.blocks
    .map(({ values }) => values.get("cr2"))
    .find((cr2) => cr2 !== undefined);
  if (address !== undefined && address < 4096n && (draft.endTrace || found !== undefined)) {
    return nullDereference;
  }
  if (found !== undefined) return found[1];
  if (names.has("__schedule") && !pointer) return hungTask;
  return draft.endTrace ? (pointer ? pageFault : warning) : undefined;
}
