/** What each module that stops a task or the machine does: facts for tests, not for the lab. */
import { parseTar } from "nanotar";
import { MODULES } from "../../bench/healthy-loads.js";
import { instructionClock } from "../../machine/clock.js";
// biome-ignore lint/style/noRestrictedImports: this file is for tests alone, which run in Node
import { bootLab, nodeImageSource } from "../../node/index.js";
import type { FreezeReason } from "../freeze-detector.js";
import { Images } from "../images.js";
import type { Lab } from "../lab.js";
import type { CommandResult } from "../outcome.js";
import { outputOf } from "./guest.js";

/** A place in a module, by its function and the text of its line: numbers would move. */
export interface Place {
  readonly function: string;
  /** Stands in one line of the function only; empty for a loop that has several. */
  readonly code: string;
}

/** One who cannot go on, or who took what that one waits for. */
export interface Party extends Place {
  /** The program, by its task's `comm` at that time. */
  readonly comm: string;
}

interface Case {
  /** What happens, in a few words. */
  readonly name: string;
  readonly module: string;
  readonly params?: Readonly<Record<string, string | boolean>>;
  /** A shell script that makes it happen; undefined when `insmod` does. */
  readonly trigger?: string;
}

/** What a function goes round in. */
export interface LoopCase {
  readonly function: string;
  /** Of lines in the loop, however quickly each is passed. */
  readonly code: readonly string[];
  readonly calls: readonly string[];
}

/** A module that stops the whole machine. */
export interface FreezeCase extends Case {
  readonly reason: FreezeReason;
  readonly interruptsEnabled: boolean;
  /** The lock that is spun for, by its symbol. */
  readonly lock?: string;
  /** Where it was taken last. */
  readonly held?: Party;
  /**
   * Where it is waited for; without a lock, where the processor loops. No `comm` where chance
   * decides which task a softirq runs on top of.
   */
  readonly stuck: Place & Partial<Party>;
  readonly loop?: LoopCase;
}

/** A module that stops tasks, which sleep in state D. */
export interface BlockedCase extends Case {
  readonly blocked: readonly {
    /** What is waited for, by its symbol. */
    readonly lock: string;
    readonly held?: Party;
    readonly stuck: Party;
  }[];
}

/** Those that stop the whole machine. */
export const FREEZES: readonly FreezeCase[] = [
  {
    name: "section 3's lock under other names",
    module: "pigeonhole",
    trigger: "echo x > /dev/pigeonhole; cat /dev/pigeonhole",
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    lock: "hatch",
    held: { comm: "sh", function: "leave_letter", code: "spin_lock(&hatch);" },
    stuck: { comm: "cat", function: "fetch_letter", code: "spin_lock(&hatch);" },
  },
  {
    name: "a lock taken twice",
    module: "double_lock",
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    lock: "lock",
    held: { comm: "insmod", function: "double_lock_init", code: "spin_lock(&lock);" },
    stuck: { comm: "insmod", function: "take_again", code: "spin_lock(&lock);" },
  },
  {
    name: "a lock taken twice, two calls down",
    module: "nested_lock",
    trigger: "echo x > /dev/nested_lock",
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    lock: "tally_lock",
    held: { comm: "sh", function: "nested_lock_write", code: "spin_lock(&tally_lock);" },
    stuck: { comm: "sh", function: "add_bytes", code: "spin_lock(&tally_lock);" },
  },
  {
    name: "a task's lock that a timer takes",
    module: "timer_lock",
    trigger: "echo x > /dev/timer_lock",
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    lock: "beat_lock",
    held: { comm: "sh", function: "reset_beats", code: "spin_lock(&beat_lock);" },
    stuck: { comm: "sh", function: "count_beat", code: "spin_lock(&beat_lock);" },
  },
  {
    name: "two locks in two orders, in a task and in a timer",
    module: "abba_timer",
    trigger: "echo x > /dev/abba_timer",
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    lock: "inbox_lock",
    held: { comm: "sh", function: "send_out", code: "spin_lock(&inbox_lock);" },
    stuck: { comm: "sh", function: "send_back", code: "spin_lock(&inbox_lock);" },
  },
  {
    name: "a task's lock that an interrupt handler takes",
    module: "irq_lock",
    trigger: "echo x > /dev/irq_lock",
    reason: "spinning-on-lock",
    interruptsEnabled: false,
    lock: "answer_lock",
    held: { comm: "sh", function: "irq_lock_write", code: "spin_lock(&answer_lock);" },
    stuck: { comm: "sh", function: "count_answer", code: "spin_lock(&answer_lock);" },
  },
  {
    name: "a task's lock that a timer's interrupt takes",
    module: "hrtimer_lock",
    trigger: "echo x > /dev/hrtimer_lock",
    reason: "spinning-on-lock",
    interruptsEnabled: false,
    lock: "sample_lock",
    held: { comm: "sh", function: "hrtimer_lock_write", code: "spin_lock(&sample_lock);" },
    stuck: { comm: "sh", function: "take_sample", code: "spin_lock(&sample_lock);" },
  },
  {
    name: "a lock taken with interrupts off and never released",
    module: "irqsave_hold",
    trigger: "echo x > /dev/irqsave_hold; echo x > /dev/irqsave_hold",
    reason: "spinning-on-lock",
    interruptsEnabled: false,
    lock: "port_lock",
    held: { comm: "sh", function: "irqsave_hold_write", code: "spin_lock_irqsave(&port_lock" },
    stuck: { comm: "sh", function: "irqsave_hold_write", code: "spin_lock_irqsave(&port_lock" },
  },
  {
    name: "a writer's lock that a reader waits for",
    module: "rwlock_hold",
    trigger: "echo x > /dev/rwlock_hold; cat /dev/rwlock_hold",
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    lock: "table_lock",
    held: { comm: "sh", function: "rwlock_hold_write", code: "write_lock(&table_lock);" },
    stuck: { comm: "cat", function: "rwlock_hold_read", code: "read_lock(&table_lock);" },
  },
  {
    name: "a writer's lock that a writer waits for",
    module: "rwlock_hold",
    trigger: "echo x > /dev/rwlock_hold; echo x > /dev/rwlock_hold",
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    lock: "table_lock",
    held: { comm: "sh", function: "rwlock_hold_write", code: "write_lock(&table_lock);" },
    stuck: { comm: "sh", function: "rwlock_hold_write", code: "write_lock(&table_lock);" },
  },
  {
    name: "an endless loop",
    module: "spin_forever",
    reason: "no-progress",
    interruptsEnabled: true,
    stuck: { comm: "insmod", function: "spin", code: "cpu_relax();" },
  },
  {
    name: "an endless loop with interrupts off",
    module: "spin_forever",
    params: { irqs_off: true },
    reason: "no-progress",
    interruptsEnabled: false,
    stuck: { comm: "insmod", function: "spin", code: "cpu_relax();" },
  },
  {
    name: "a halt with interrupts off",
    module: "irqs_off_halt",
    reason: "halted-with-interrupts-off",
    interruptsEnabled: false,
    stuck: { comm: "insmod", function: "irqs_off_halt_init", code: "halt();" },
  },
  {
    name: "a list that is a circle",
    module: "endless_walk",
    trigger: "for i in 1 2 1 3; do echo $i > /dev/endless_walk; done",
    reason: "no-progress",
    interruptsEnabled: true,
    stuck: { comm: "sh", function: "find", code: "" },
    loop: {
      function: "find",
      // Clang gives the load of `next` no line.
      code: ["while (record)", "if (matches(record, number))"],
      calls: ["matches"],
    },
  },
  {
    name: "an endless loop in a timer's callback",
    module: "timer_spin",
    trigger: "echo x > /dev/timer_spin",
    reason: "no-progress",
    interruptsEnabled: true,
    stuck: { function: "poll_device", code: "" },
  },
];

/** Those that stop tasks only. */
export const BLOCKED: readonly BlockedCase[] = [
  {
    name: "a mutex that its holder keeps",
    module: "mutex_hold",
    trigger: `${keptBy("exec 3</dev/mutex_hold")}; ${inBackground("cat /dev/mutex_hold")}`,
    blocked: [
      {
        lock: "mutex",
        held: { comm: "sh", function: "mutex_hold_open", code: "mutex_lock(&mutex);" },
        stuck: { comm: "cat", function: "mutex_hold_open", code: "mutex_lock(&mutex);" },
      },
    ],
  },
  {
    name: "a mutex that one task takes twice",
    module: "mutex_hold",
    trigger: inBackground("exec 3</dev/mutex_hold; exec 4</dev/mutex_hold"),
    blocked: [
      {
        lock: "mutex",
        held: { comm: "sh", function: "mutex_hold_open", code: "mutex_lock(&mutex);" },
        stuck: { comm: "sh", function: "mutex_hold_open", code: "mutex_lock(&mutex);" },
      },
    ],
  },
  {
    name: "two mutexes in two orders",
    module: "abba_mutex",
    trigger: `${inBackground("cat /dev/abba_mutex")} ${inBackground("echo x > /dev/abba_mutex")}`,
    blocked: [
      {
        lock: "source_mutex",
        held: { comm: "sh", function: "abba_mutex_write", code: "mutex_lock(&source_mutex);" },
        stuck: { comm: "cat", function: "abba_mutex_read", code: "mutex_lock(&source_mutex);" },
      },
      {
        lock: "target_mutex",
        held: { comm: "cat", function: "abba_mutex_read", code: "mutex_lock(&target_mutex);" },
        stuck: { comm: "sh", function: "abba_mutex_write", code: "mutex_lock(&target_mutex);" },
      },
    ],
  },
  {
    name: "an rw_semaphore that its writer keeps",
    module: "rwsem_hold",
    trigger: `${keptBy("echo x > /dev/rwsem_hold")}; ${inBackground("cat /dev/rwsem_hold")}`,
    blocked: [
      {
        lock: "config_sem",
        held: { comm: "sh", function: "rwsem_hold_write", code: "down_write(&config_sem);" },
        stuck: { comm: "cat", function: "rwsem_hold_read", code: "down_read(&config_sem);" },
      },
    ],
  },
  {
    name: "a completion that never comes",
    module: "completion_wait",
    trigger: inBackground("cat /dev/completion_wait"),
    blocked: [
      {
        lock: "transfer_done",
        stuck: {
          comm: "cat",
          function: "completion_wait_read",
          code: "wait_for_completion(&transfer_done);",
        },
      },
    ],
  },
];

/** A command that keeps nobody waiting who waits for the script's output. */
function inBackground(script: string): string {
  return `(${script}) < /dev/null > /dev/null 2>&1 &`;
}

/** A process that takes something and lives on, as `sleep`; the script goes on when it has it. */
function keptBy(take: string): string {
  const holder = inBackground(`${take}; : > /tmp/taken; exec sleep 1000`);
  return `${holder} until [ -e /tmp/taken ]; do usleep 10000; done`;
}

/** Puts the test modules and their sources into the guest's {@link MODULES}. */
export async function unpackModulesWithSources(lab: Lab): Promise<void> {
  const images = await Images.open(nodeImageSource());
  const archive = await images.source.gunzip(await images.read("i686/modules.tar.gz"));
  for (const { name, data } of parseTar(archive)) {
    if (data !== undefined) await lab.writeFile(`${MODULES}/${name}`, data);
  }
}

/** An imagined processor so slow that the seconds of a watchdog pass in a fraction of one. */
const INSTRUCTIONS_PER_MS = 20_000;

/** A guest with the modules, which runs on when it is frozen: the kernel's watchdog gets its say. */
export async function bootForFreezes(): Promise<Lab> {
  const lab = await bootLab({
    runOnWhenDoomed: true,
    clock: instructionClock(INSTRUCTIONS_PER_MS),
  });
  await unpackModulesWithSources(lab);
  await lab.checkpoint();
  return lab;
}

/** Loads the module, and makes happen what it is for. */
export async function provoke(lab: Lab, one: FreezeCase | BlockedCase): Promise<CommandResult> {
  const { module, params = {}, trigger } = one;
  const path = `${MODULES}/${module}.ko`;
  const loaded = await lab.insmod({ path, params }, { timeoutMs: 30_000 });
  if (trigger === undefined) return loaded;
  outputOf(loaded);
  return lab.sh(trigger, { user: "student", timeoutMs: 30_000 });
}
