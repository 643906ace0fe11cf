import type { KernelRecord } from "../../console/index.js";
import type { Lab } from "../lab.js";
import type { CommandResult } from "../outcome.js";

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** How a command went, in full, for a message about what was not as it should be. */
export function describeResult(result: CommandResult): string {
  const { stdout, stderr, kernelLog, reports, autopsy, ...ending } = result;
  const part = (title: string, content: string): string =>
    content === "" ? "" : `\n${title}:\n${content.slice(-2000)}`;
  return (
    JSON.stringify(ending) +
    part("stdout", text(stdout)) +
    part("stderr", text(stderr)) +
    part("reports", reports.map(({ report }) => report.title).join("\n")) +
    part("autopsy", autopsy?.sentence ?? "") +
    part("kernel log", kernelLog.map((record) => record.text).join("\n"))
  );
}

/** @returns what the command wrote. @throws unless it ended with status 0. */
export function outputOf(result: CommandResult): string {
  if (result.outcome !== "exited" || result.exitCode !== 0) {
    throw new Error(`The command was to end with status 0, but: ${describeResult(result)}`);
  }
  return text(result.stdout);
}

/** What a shell script prints. @throws unless it ends with status 0. */
export async function shell(lab: Lab, script: string): Promise<string> {
  return outputOf(await lab.sh(script));
}

/**
 * Waits until so many threads of this name, or more, are in a state, as /proc/PID/task/TID/stat
 * has them.
 * @param state a letter of proc_pid_stat(5): S sleeps, D sleeps whatever comes, T is stopped.
 * @throws when there are fewer for 5 s of guest time, with what /proc had of all threads.
 */
export async function waitForThreads(
  lab: Lab,
  comm: string,
  state: "S" | "D" | "T",
  count = 1,
): Promise<void> {
  await shell(
    lab,
    `stats() { cat /proc/[0-9]*/task/*/stat 2>/dev/null | cut -d " " -f 1-3; }
    for i in $(seq 500); do
      [ "$(stats | grep -cF "(${comm}) ${state}")" -ge ${count} ] && exit
      usleep 10000
    done
    stats >&2; exit 1`,
  );
}

/**
 * Waits until `look` finds something, looking again after each short burst of execution.
 * @param boundMs guest milliseconds.
 * @throws when the time is over or the guest stands still, with the kernel's last words.
 */
export function waitInGuest<T>(
  lab: Lab,
  boundMs: number,
  what: string,
  look: () => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const listening: Disposable[] = [];
    const finish = (settle: () => void): void => {
      for (const item of listening.splice(0)) item[Symbol.dispose]();
      settle();
    };
    const fail = (why: string): void => {
      const lastWords = lab
        .kernelLog()
        .slice(-12)
        .map((record) => `  ${record.text}`);
      const message = `${what}: not seen, ${why}. The kernel's last words:\n${lastWords.join("\n")}`;
      finish(() => reject(new Error(message)));
    };
    const check = (): void => {
      const found = look();
      if (found !== undefined) finish(() => resolve(found));
      else if (!lab.machine.running) fail(`and the guest stands still: ${lab.doom?.outcome}`);
    };
    listening.push(
      lab.machine.onSlice(check),
      lab.onDoom(check),
      lab.machine.afterGuestMs(boundMs, () => fail(`within ${boundMs} ms of guest time`)),
    );
    check();
  });
}

/** Waits for a message of the kernel that is in its log already or comes in time. */
export function kernelSays(lab: Lab, pattern: RegExp, boundMs: number): Promise<KernelRecord> {
  return waitInGuest(lab, boundMs, `a kernel message ${pattern}`, () =>
    lab.kernelLog().find((record) => pattern.test(record.text)),
  );
}
