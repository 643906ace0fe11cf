import type { Draft } from "../draft/draft.js";
import { baseName } from "../draft/frame-line.js";
import { bug } from "./bug.js";
import type { Family } from "./family.js";
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

/** Of these a trace alone is enough. */
const TELLING_ALONE: readonly Family[] = [usercopy, kasan, rcuStall];
/** show_fault_oops() calls a fault below the first page a NULL pointer's. */
const LOWEST_MAPPED = 4096n;

/** The first lines of a report's body: what is there when the start of it is cut off. */
const BODY = [
  "Call Trace:",
  "Call trace:",
  ...Array.from({ length: 10 }, (_, digit) => `CPU: ${digit}`),
  "NMI backtrace for cpu",
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

const LOCKDEP_WORDS =
  /^\s*(?:other info that might help us|Possible (?:interrupt )?unsafe locking|\*\*\* DEADLOCK)/;
/** SysRq asks for it, or an oops for the stacks of the other processors. */
const ON_REQUEST = /^\s*NMI backtrace for cpu/;

/**
 * The family of a report whose first line is missing, by what is there. A trace alone is no
 * report: drivers print some, and so does whoever asks for one by SysRq.
 */
export function guessFamily(draft: Draft): Family | undefined {
  const { text, endTrace } = draft;
  const { frames } = draft.traces;
  if (text.filter((line) => LOCKDEP_WORDS.test(line)).length > 1) return lockdep;
  if (ON_REQUEST.test(text[0] ?? "") && !endTrace) return undefined;

  const names = [...new Set(frames.map(({ symbol }) => baseName(symbol ?? "")))];
  const found = BY_FUNCTION.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  if (!endTrace && !showsWhereItStopped(draft)) {
    return found !== undefined && TELLING_ALONE.includes(found) ? found : undefined;
  }
  if (found !== undefined && found !== pageFault) return found;
  return familyOfOops(draft) ?? found ?? (endTrace ? warning : undefined);
}

/** Registers and an instruction pointer of kernel mode, and a trace from there. */
function showsWhereItStopped(draft: Draft): boolean {
  const { frames } = draft.traces;
  const registers = draft.registers.blocks.some(({ values }) => values.size > 2);
  return registers && frames.length > 1 && frames.some(({ role }) => role === "instruction");
}

function familyOfOops(draft: Draft): Family | undefined {
  const { blocks } = draft.registers;
  const code = blocks.find((block) => block.code !== undefined)?.code;
  // UD2, Intel SDM vol. 2B: BUG() and WARN() trap by it.
  if (code?.bytes[code.trapOffset] === 0x0f && code.bytes[code.trapOffset + 1] === 0x0b) {
    return draft.endTrace && !draft.died ? warning : bug;
  }
  if (!draft.endTrace) return undefined;
  const address = blocks.flatMap(({ values }) => values.get("cr2") ?? [])[0];
  if (address !== undefined && address < LOWEST_MAPPED) return nullDereference;
  return blocks.length > 0 ? pageFault : undefined;
}
