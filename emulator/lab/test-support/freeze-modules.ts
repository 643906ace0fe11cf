/** What each module that stops a task or the machine does: facts for tests, not for the lab. */
import { parseTar } from "nanotar";
import { MODULES } from "../../bench/healthy-loads.js";
// biome-ignore lint/style/noRestrictedImports: this file is for tests alone, which run in Node
import { nodeImageSource } from "../../node/image-source.js";
import type { FreezeReason } from "../freeze-detector.js";
import { Images } from "../images.js";
import type { Lab } from "../lab.js";

/** A place in a module, by its function and the text of its line: numbers would move. */
export interface Place {
  readonly function: string;
  /** Is in one line of the function only. */
  readonly code: string;
}

interface Case {
  readonly module: string;
  readonly params?: Readonly<Record<string, string | boolean>>;
  /** A shell script that makes it happen; undefined when `insmod` does. */
  readonly trigger?: string;
  /** The lock that it is about, by its symbol. */
  readonly lock?: string;
  /** Where that was taken last and by which program, if anybody took it. */
  readonly held?: Place & { readonly comm: string };
  /** Where it is waited for; where the processor loops in a case without a lock. */
  readonly stuck: Place & { readonly comm: string };
}

export interface FreezeCase extends Case {
  readonly reason: FreezeReason;
  readonly interruptsEnabled: boolean;
  /** With interrupts off not even the watchdog's timer runs, and the kernel says nothing. */
  readonly softLockup: boolean;
}

/** What `echo x > /dev/NAME` and `cat /dev/NAME` are run by in the scripts below. */
const SHELL = "sh";

/** Those that stop the whole machine. */
export const FREEZES: readonly FreezeCase[] = [
  {
    module: "pigeonhole",
    trigger: "echo x > /dev/pigeonhole; cat /dev/pigeonhole",
    lock: "hatch",
    held: { function: "leave_letter", code: "spin_lock(&hatch);", comm: SHELL },
    stuck: { function: "fetch_letter", code: "spin_lock(&hatch);", comm: "cat" },
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    softLockup: true,
  },
  {
    module: "nested_lock",
    trigger: "echo x > /dev/nested_lock",
    lock: "tally_lock",
    held: { function: "nested_lock_write", code: "spin_lock(&tally_lock);", comm: SHELL },
    stuck: { function: "add_bytes", code: "spin_lock(&tally_lock);", comm: SHELL },
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    softLockup: true,
  },
  {
    module: "timer_lock",
    trigger: "echo x > /dev/timer_lock",
    lock: "beat_lock",
    held: { function: "timer_lock_write", code: "spin_lock(&beat_lock);", comm: SHELL },
    stuck: { function: "count_beat", code: "spin_lock(&beat_lock);", comm: SHELL },
    reason: "spinning-on-lock",
    interruptsEnabled: true,
    softLockup: true,
  },
];

/** Puts the test modules and their sources into the guest's {@link MODULES}. */
export async function unpackModulesWithSources(lab: Lab): Promise<void> {
  const images = await Images.open(nodeImageSource());
  const archive = await images.source.gunzip(await images.read("i686/modules.tar.gz"));
  for (const { name, data } of parseTar(archive)) {
    if (data !== undefined) await lab.writeFile(`${MODULES}/${name}`, data);
  }
}
