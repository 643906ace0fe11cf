import { isCodeLine } from "./code-bytes.js";
import { readCpuLine, readTaskLine } from "./cpu-line.js";
import { isInlinedFrame, readFrame } from "./frame-line.js";
import { readInstructionPointer } from "./instruction-pointer.js";
import { readModules } from "./modules.js";
import { isRegisterLine } from "./registers.js";
import { StackMarks } from "./stack-marks.js";
import { readTraceHeading } from "./trace-heading.js";

/** Lines that many kinds have, and that say nothing that a report holds as a fact. */
const FAMILIAR =
  /^\s*(?:#PF: |PGD |P4D |IP: |\*pde|\*pdpt|Oops|Hardware name:|Workqueue: |Stack:|task: |Process .{1,64}\(pid: |Thread overran|Tainted: \[|Kernel Offset:|Rebooting in|---\[ end |note: |Fixing recursive fault|Disabling lock debugging|last sysfs file|irq event stamp|(?:hard|soft)irqs last|Preemption disabled at|INFO: lockdep is turned off|\d{1,3} locks? held by|no locks? held by|#\d{1,3}: |={10,}|-{10,}|Sending NMI |NMI backtrace|Kernel panic|KASAN: |Dumping ftrace|\(ftrace buffer empty\)|RSP <|CR2: |R(?:IP|SP)\b|Shutting down cpus|ORIG_RAX|Comm: |Stopper: |Showing all locks held|Unable to access opcode|handlers:|PKRU|flags: 0x|task:\S)/;
/** The stack itself, which kernels until 4.9 print in front of the trace. */
const STACK_WORDS = /^\s*(?:[0-9a-f]{8}(?:[0-9a-f]{8})?(?: |$)){1,8}\s*$/;
/** Whoever quotes a report leaves lines out. */
const ELIDED =
  /^\s*(?:\.{3,}|…|\[(?:\.{3,}|…|snip|cut)\]|<(?:\.{3,}|snip)>|\(\.{3,}\)|\[\.{3} .{1,40} \.{3}\]|--+ ?(?:snip|cut) ?--+)\s*$/i;

/** Whether a line is one that reports of many kinds have. */
export function isFamiliar(text: string): boolean {
  return FAMILIAR.test(text) || STACK_WORDS.test(text);
}

/** Whether a line says that lines are left out. */
export function isElision(text: string): boolean {
  return ELIDED.test(text);
}

/** Whether a line, wherever it stands, is one of a report's body and continues no other. */
export function isBodyLine(text: string): boolean {
  return (
    isFamiliar(text) ||
    isElision(text) ||
    isCodeLine(text) ||
    isRegisterLine(text) ||
    isInlinedFrame(text) ||
    readFrame(text) !== undefined ||
    readInstructionPointer(text) !== undefined ||
    readTraceHeading(text)?.name === "call" ||
    readCpuLine(text) !== undefined ||
    readTaskLine(text) !== undefined ||
    readModules(text) !== undefined ||
    new StackMarks().take(text) !== undefined
  );
}
