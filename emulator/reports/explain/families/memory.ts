import { type Explanation, fromText } from "../explanation.js";
import {
  capitalize,
  count,
  culpritName,
  findLine,
  functionName,
  linesLike,
  taskName,
  traceOwner,
} from "../wording.js";

/** mm/page_alloc.c, bad_page(), and mm/memory.c, print_bad_pte(). */
export const explainBadPage = fromText((report): Explanation => {
  const [, why] =
    findLine(report, /page dumped because: (.*)/) ??
    findLine(report, /bad because of flags: (.*)/) ??
    [];
  const counter = findLine(report, /Bad rss-counter state .*?(?:type:(\w+)|idx:(\d+)) val:(-?\d+)/);
  const name = culpritName(report);
  const found = name === undefined ? "" : ` in ${name}`;
  const evidence = [report.message, ...linesLike(report, /page dumped because|bad because/)];
  if (counter !== undefined) {
    return {
      sentence: `When a program's memory was given back, the kernel's count of its pages (${counter[1] ?? `number ${counter[2]}`}) was ${counter[3]} instead of 0: pages were mapped or unmapped behind its back.`,
      evidence,
    };
  }
  if (/Bad page map/.test(report.message)) {
    return {
      sentence: `An entry of the page table of ${taskName(report) ?? "a program"} makes no sense: it was overwritten, or its page is used otherwise.`,
      evidence,
    };
  }
  return {
    sentence: `A page was allocated or freed${found} whose descriptor says that it is still in use${why === undefined ? "" : ` ("${why}")`}: it was freed while in use, or the descriptor was overwritten.`,
    evidence,
  };
});

/** CONFIG_DEBUG_KMEMLEAK: mm/kmemleak.c. */
export const explainMemoryLeak = fromText((report): Explanation => {
  const [, size] = findLine(report, /unreferenced object 0x[0-9a-f]+ \(size (\d+)\)/) ?? [];
  const [, suspected] = findLine(report, /kmemleak: (\d+) new suspected memory leaks/) ?? [];
  if (size === undefined && suspected !== undefined) {
    return {
      sentence: `Kmemleak found ${count(Number(suspected), "object")} that nothing in memory points to any more; /sys/kernel/debug/kmemleak lists them.`,
      evidence: [report.message],
    };
  }
  const owner = culpritName(report) ?? traceOwner(report.frames, /./);
  const task = taskName(report);
  return {
    sentence: `Nothing in memory points any more to ${size === undefined ? "an object" : `an object of ${count(Number(size), "byte")}`} that ${owner ?? "the kernel"} allocated${task === undefined ? "" : ` for ${task}`}: it was probably lost without being freed.`,
    evidence: [report.message],
  };
});

/** CONFIG_DEBUG_OBJECTS: lib/debugobjects.c, debug_print_object(). */
export const explainDebugObjects = fromText((report): Explanation => {
  const [, operation, state, type, hint] =
    findLine(
      report,
      /ODEBUG: (\w+) ([\w ]+?) \(active state \d+\) object(?:: [0-9a-f]+)?(?: object)? type: (\S+) hint: ([\w.]+|0x0|\(null\))/,
    ) ?? [];
  const name = culpritName(report) ?? "The kernel";
  const evidence = [report.message];
  if (operation === undefined) {
    return {
      sentence: `${name} used an object in a state in which that is not allowed.`,
      evidence,
    };
  }
  const callback =
    hint === undefined || /^0x|^\(null/.test(hint)
      ? ""
      : `, whose callback is ${functionName(hint)}`;
  const action: Readonly<Record<string, string>> = {
    free: "freed memory with",
    init: "initialised",
    activate: "started",
    assert_init: "used",
    destroy: "destroyed",
  };
  return {
    sentence: `${name} ${action[operation] ?? `did "${operation}" with`} an object of type \`${type}\`${callback}, that is ${state}.`,
    evidence,
  };
});

/** mm/oom_kill.c and mm/page_alloc.c, warn_alloc(). */
export const explainOutOfMemory = fromText((report): Explanation => {
  const invoked = findLine(report, /(\S.*?) invoked oom-killer: .*?order=(\d+)/);
  const killed = findLine(report, /Kill(?:ed)? process (\d+) \((.*?)\)(?:.*?anon-rss:(\d+)kB)?/);
  const failed = findLine(report, /(\S.*?): page allocation failure[:.] order:(\d+)/);
  const group = findLine(report, /Memory cgroup out of memory|memory: usage \d+kB, limit (\d+)kB/);
  const evidence = [invoked, killed, failed].flatMap((line) =>
    line === undefined ? [] : [line.input.trim()],
  );
  if (failed !== undefined && killed === undefined) {
    return {
      sentence: `\`${failed[1]}\` asked for ${pages(Number(failed[2]))}, and there were none.`,
      evidence,
    };
  }
  const what =
    group === undefined
      ? "The machine had no memory left"
      : "A memory control group had used up its limit";
  const asked =
    invoked === undefined ? "" : ` when \`${invoked[1]}\` asked for ${pages(Number(invoked[2]))}`;
  const rss =
    killed?.[3] === undefined
      ? ""
      : `, which held ${Math.round(Number(killed[3]) / 1024)} MiB of its own`;
  const victim =
    killed === undefined ? "" : `, so the kernel killed \`${killed[2]}\` (pid ${killed[1]})${rss}`;
  return {
    sentence: `${what}${asked}${victim}.`,
    evidence: evidence.length === 0 ? [report.message] : evidence,
  };
});

function pages(order: number): string {
  return order === 0 ? "a page" : `${2 ** order} pages in a row`;
}

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
    sentence: `${capitalize("the kernel stopped for good:")} ${known ?? `"${reason}"`}${exit}.`,
    evidence: [report.message],
  };
});

/** As wait(2) gives it. */
function exitText(status: number): string {
  const signal = status & 0x7f;
  return signal === 0 ? `exit status ${(status >> 8) & 0xff}` : `killed by signal ${signal}`;
}
