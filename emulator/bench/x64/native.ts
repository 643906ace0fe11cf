import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Workload } from "./programs.js";

const QEMU = "qemu-x86_64";

/** Sees to it that QEMU's user mode is there: as root it is installed. @returns whether it is */
export function ensureQemuUser(): boolean {
  if (hasQemuUser()) return true;
  if (process.getuid?.() !== 0) return false;
  process.stderr.write("installing qemu-user …\n");
  const install = ["install", "--yes", "--no-install-recommends", "qemu-user"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", install, { stdio: "ignore", env });
  return hasQemuUser();
}

function hasQemuUser(): boolean {
  return spawnSync(QEMU, ["--version"], { stdio: "ignore" }).status === 0;
}

/** Programs on the processor of this machine, by themselves or under QEMU. */
export class NativeRuns {
  readonly #folder = mkdtempSync(join(tmpdir(), "kspace-bench-"));

  /**
   * Runs a workload, and once more with next to no work, which is what a process costs by itself.
   * @returns milliseconds for a round
   * @throws Error when the program fails
   */
  measureRound(workload: Workload, rounds: number, under?: "qemu"): number {
    const whole = this.run(workload, rounds, under).ms;
    const least = this.run(workload, 1, under).ms;
    return (whole - least) / (rounds - 1);
  }

  /** @throws Error when the program fails */
  run(workload: Workload, rounds: number, under?: "qemu"): { ms: number; stdout: Buffer } {
    const [argv0 = "", ...args] = workload.args(rounds);
    const file = join(this.#folder, argv0);
    writeFileSync(file, workload.program, { mode: 0o755 });
    const [command, all] = under === "qemu" ? [QEMU, [file, ...args]] : [file, args];
    const start = performance.now();
    const { status, stdout } = spawnSync(command, all, {
      env: {},
      input: workload.stdin(rounds),
      maxBuffer: 2 ** 28,
      cwd: this.#folder,
    });
    const ms = performance.now() - start;
    if (status !== 0) throw new Error(`${command} ${all.join(" ")} ended with ${status}.`);
    return { ms, stdout };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
