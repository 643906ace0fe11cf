import { type Explanation, fromText } from "../explanation.js";
import { findLine } from "../wording.js";

/** kernel/panic.c, and those who call it. */
const PANICS: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /Unable to mount root fs/,
    "it could not mount the root file system: the device is missing, or the kernel has no driver for it or for its file system",
  ],
  [
    /Attempted to kill init/,
    "its first program, init, has ended, and without it the system cannot go on",
  ],
  [/No (?:working )?init found/, "it found no program to start as init"],
  [
    /Requested init .* failed/,
    "the program that it was told to start as init could not be started",
  ],
  [/sysrq triggered crash/i, "somebody asked for a crash through the SysRq key"],
  [
    /Fatal exception in interrupt/,
    "there was an oops in an interrupt handler, from which no task can be ended",
  ],
  [/Fatal exception/, "there was an oops before, and it is set to stop at one (panic_on_oops)"],
  [
    /softlockup: hung tasks/,
    "a processor was stuck, and it is set to stop then (softlockup_panic)",
  ],
  [/Hard LOCKUP/i, "a processor was stuck with interrupts off, and it is set to stop then"],
  [
    /hung_task: blocked tasks/,
    "a task waited for too long, and it is set to stop then (hung_task_panic)",
  ],
  [/RCU Stall/i, "RCU could not go on, and it is set to stop then"],
  [/panic_on_warn/, "there was a warning before, and it is set to stop at one (panic_on_warn)"],
  [/stack-protector/, "a function's stack was overwritten"],
  [/[Oo]ut of memory/, "there was no memory left, and no program that could be ended for it"],
  [/Machine check|MCE/i, "the processor found an error in the hardware that cannot be repaired"],
  [/corrupted stack end/, "a task's kernel stack was used up to its end"],
  [/NMI/, "there was a non-maskable interrupt, which hardware raises when something is broken"],
  [/Timeout: Not all CPUs/, "not all processors could be stopped for the error that came before"],
  [/IO-APIC.*timer/, "its timer does not work with this interrupt controller"],
];

export const explainPanic = fromText((report): Explanation => {
  const [, said] = findLine(report, /Kernel panic - not syncing: (.*)/) ?? [];
  const reason = said ?? report.message;
  const known = PANICS.find(([pattern]) => pattern.test(reason))?.[1];
  const code = /exitcode=0x([0-9a-f]+)/.exec(reason)?.[1];
  const exit = code === undefined ? "" : ` (${exitText(Number.parseInt(code, 16))})`;
  return {
    sentence: `The kernel stopped for good: ${known ?? `"${reason}"`}${exit}.`,
    evidence: [report.message],
  };
});

/** As wait(2) gives it. */
function exitText(status: number): string {
  const signal = status & 0x7f;
  return signal === 0 ? `exit status ${(status >> 8) & 0xff}` : `killed by signal ${signal}`;
}
