import type { Facts, Family } from "../kinds/family.js";
import { isNeverCulprit } from "../no-culprits.js";
import type { Frame, Report, ReportArch } from "../report.js";
import type { Draft } from "./draft.js";
import { baseName, readFrame } from "./frame-line.js";
import type { RegisterBlock } from "./register-reader.js";
import { readTaint } from "./taint.js";

/** What the stream knows besides the lines themselves. */
export interface Ending {
  /** The family, where the first line is missing and it was found by what is there. */
  readonly family: Family;
  readonly headless: boolean;
  /** From the boot's first message, where the report does not say it. */
  readonly kernel: string | undefined;
  /** That of the report before. */
  readonly arch: ReportArch | undefined;
  /** The log ended here. */
  readonly logEnded: boolean;
}

/** Makes the report of what was read. */
export function finishReport(draft: Draft, ending: Ending): Report {
  const { family } = ending;
  const frames = withFirstLineFrame(draft);
  const groups = Object.assign(
    {},
    ...draft.matches.map(({ groups }) => groups),
    draft.telling?.groups,
  );
  const partial = {
    groups: groups as Facts["groups"],
    message: draft.message,
    text: draft.text,
    frames,
    registers: blockOf(draft, undefined)?.values ?? new Map<string, bigint>(),
    endTrace: draft.endTrace,
    panicked: draft.panicked,
    separators: draft.separators,
    hasCpuLine: draft.cpuLines.length > 0,
    hasRegisters: draft.registers.blocks.length > 0,
  };
  const culprit = findCulprit({ ...partial, culprit: undefined }, family);
  const facts: Facts = { ...partial, culprit };
  const owner = family.taskOfCulprit === true ? culprit : undefined;
  const cpu = cpuLineOf(draft, owner);
  const task = cpu?.pid === undefined ? draft.cpuLines.find(({ pid }) => pid !== undefined) : cpu;
  const block = blockOf(draft, owner);
  const number = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Number(text);
  return {
    kind: family.kind,
    title: family.title(facts),
    message: draft.message,
    arch: archOf(draft) ?? ending.arch,
    seconds: draft.seconds,
    cpu:
      number(facts.groups.cpu ?? facts.groups.cpu1) ??
      cpu?.cpu ??
      draft.cpuLines.find((line) => line.cpu !== undefined && line.pid === cpu?.pid)?.cpu,
    pid: number(facts.groups.pid) ?? task?.pid,
    comm: facts.groups.comm ?? task?.comm,
    kernel:
      cpu?.kernel ??
      draft.cpuLines.find(({ kernel }) => kernel !== undefined)?.kernel ??
      draft.ident?.kernel ??
      ending.kernel,
    taint: readTaint(draft.taintWords || taintOf(draft, cpu)),
    corrupted: corruption(draft, facts, ending),
    culprit,
    frames,
    registers: block?.values ?? new Map(),
    code: block?.code ?? blockOf(draft, undefined)?.code,
    modules: draft.modules,
    lines: draft.lines,
    text: draft.text,
  };
}

/** Kernels until 4.10 name the place of a WARNING in its first line only. */
function withFirstLineFrame(draft: Draft): readonly Frame[] {
  const match = draft.matches.find(
    ({ groups, family }) => family.kind === "warning" && groups.function,
  );
  if (match === undefined) return draft.traces.frames;
  if (draft.traces.frames.some(({ role }) => role === "instruction")) return draft.traces.frames;
  const place = readFrame((match.groups.function ?? "").replace(/\(\)$/, ""));
  if (place === undefined) return draft.traces.frames;
  // __builtin_return_address(0) of the call to warn_slowpath_fmt().
  return [{ ...place, trace: "call", stack: "task", line: draft.lines[0] }, ...draft.traces.frames];
}

function findCulprit(facts: Facts, family: Family): Frame | undefined {
  const suspects = family.suspects?.(facts) ?? facts.frames.filter(({ trace }) => trace === "call");
  const canBe = ({ symbol, module }: Frame): boolean =>
    symbol !== undefined &&
    !isNeverCulprit(symbol) &&
    family.never?.(baseName(symbol), module) !== true;
  const trustedToo = family.trusts?.(facts);
  const trusted = (frame: Frame): boolean => frame.sure || trustedToo?.has(frame) === true;
  const found = suspects.find((frame) => trusted(frame) && canBe(frame));
  // An unwinder that is sure of the stack has found the rest of it left over.
  const unwound = suspects.some(
    (frame) => frame.sure && frame.role === "return" && !isEntry(frame),
  );
  return found ?? (unwound ? undefined : suspects.find(canBe));
}

function cpuLineOf(
  draft: Draft,
  culprit: Frame | undefined,
): Draft["cpuLines"][number] | undefined {
  const before = culprit && draft.cpuLines.findLast(({ line }) => line <= culprit.line);
  return before ?? draft.cpuLines[0];
}

function taintOf(draft: Draft, cpu: Draft["cpuLines"][number] | undefined): string {
  const first = draft.cpuLines.find(({ taint }) => taint !== undefined);
  return cpu?.taint ?? first?.taint ?? draft.ident?.taint ?? "";
}

/** The registers and the code of the culprit's stack where that is asked for, else the first. */
function blockOf(draft: Draft, culprit: Frame | undefined): RegisterBlock | undefined {
  const { blocks } = draft.registers;
  const before = culprit && blocks.findLast(({ line }) => line <= culprit.line);
  const first = blocks.find(({ values }) => values.size > 0);
  return before ?? first ?? blocks[0];
}

/** Addresses of the kernel, of locks (`… (&lock){+.+.}`, hashed), and names of instruction pointers. */
const TEXT_OF_64_BITS =
  /(?:\b|0x)ffff[0-9a-f]{12}\b|\bentry_SYSCALL_64|\bRIP: |^\s*(?:#\d+: )?[0-9a-f]{16} \(/;
const TEXT_OF_32_BITS =
  /\[<[c-f][0-9a-f]{7}>\]|\be[as][xpi] = [0-9a-f]{8}\b|\bEIP: |^\s*(?:#\d+: )?[0-9a-f]{8} \(/;

function archOf(draft: Draft): ReportArch | undefined {
  for (const { values } of draft.registers.blocks) {
    if (values.has("rax") || values.has("rsp")) return "x86-64";
    if (values.has("eax") || values.has("esp")) return "i386";
  }
  if ((draft.traces.bits ?? draft.registers.bits) !== undefined)
    return (draft.traces.bits ?? draft.registers.bits) === 64 ? "x86-64" : "i386";
  for (const { symbol } of draft.traces.frames) {
    if (symbol === undefined) continue;
    if (/^(?:entry_SYSCALL_64|do_syscall_64|__x64_sys_|x64_sys_call|__ia32_compat)/.test(symbol)) {
      return "x86-64";
    }
    if (/^(?:entry_INT80_32|entry_SYSENTER_32|do_int80_syscall_32|do_SYSENTER_32)/.test(symbol)) {
      return "i386";
    }
  }
  // KASAN, KCSAN and KMSAN need the address space of 64 bits: their `depends on` in lib/Kconfig.*.
  if (["kasan", "kcsan", "kmsan"].includes(draft.telling?.family.kind ?? "")) return "x86-64";
  for (const line of draft.text) {
    if (TEXT_OF_64_BITS.test(line)) return "x86-64";
    if (TEXT_OF_32_BITS.test(line)) return "i386";
  }
  const fork = draft.traces.frames.find(({ symbol }) => symbol === "ret_from_fork");
  // In assembler until 6.5, which is aligned to 16 bytes only on x86-64 (include/asm/linkage.h).
  if (
    fork?.size !== undefined &&
    !draft.traces.frames.some(({ symbol }) => symbol === "ret_from_fork_asm")
  ) {
    return fork.size % 16 === 0 ? "x86-64" : "i386";
  }
  const release = draft.cpuLines[0]?.kernel ?? draft.ident?.kernel ?? "";
  if (/amd64|x86_64/.test(release)) return "x86-64";
  return /i[3-6]86|-[56]86/.test(release) ? "i386" : undefined;
}

const CUT_IN_TRACE = "The end is cut off: the trace ends in the middle.";
const OWN_TRACE = /^(?:call$|stack backtrace$|nmi backtrace)/;

function corruption(draft: Draft, facts: Facts, ending: Ending): string | undefined {
  if (draft.dropped > 0) return `The kernel lost ${draft.dropped} messages within it.`;
  if (draft.overlong) return "It is longer than any report: its end is cut off.";
  if (draft.elided) return "The end is cut off: the log leaves the rest out.";
  if (ending.headless) return "The start is cut off: its first line is missing.";
  const missing = ending.family.missing?.(facts);
  if (missing !== undefined) return missing;
  if (ending.logEnded && draft.traces.isOpen) return CUT_IN_TRACE;
  const last = draft.traces.frames.at(-1);
  const endsInTrace = ending.logEnded && last !== undefined && last.line === draft.lines[1];
  const own = last !== undefined && OWN_TRACE.test(last.trace);
  if (endsInTrace && last.sure && own && !isBottom(last)) return CUT_IN_TRACE;
  return undefined;
}

/** Functions of assembler code are sure even where nothing else is. */
function isEntry({ symbol = "" }: Frame): boolean {
  return /^(?:entry_|ret_from_|system_call|sysenter|asm_|do_syscall_64)/.test(symbol);
}

/** Whether a stack can begin there: the entry from user space, or a thread's first function. */
function isBottom({ symbol }: Frame): boolean {
  if (symbol === undefined) return false;
  return /^(?:entry_|ret_from_|secondary_startup|start_secondary|x86_64_start|startup_|i386_start|system_call|sysenter|int_ret|tracesys|stub_|ia32_|sysret|asm_|page_fault|async_page_fault|kthread|kernel_thread|retint|rewind_stack|start_kernel|cpu_startup_entry|syscall|common_interrupt|do_syscall_64|do_fast_syscall|error_code|restore_all|apic_timer_interrupt|0x)/.test(
    symbol,
  );
}
