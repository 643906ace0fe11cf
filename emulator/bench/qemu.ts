import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Emitter } from "../machine/emitter.js";
import type { TextLine } from "./typist.js";

const QEMU = "qemu-system-i386";

export function qemuIsInstalled(): boolean {
  return spawnSync(QEMU, ["--version"], { stdio: "ignore" }).status === 0;
}

/** The same kernel and root file system under QEMU's translator, on its standard streams. */
export class Qemu implements TextLine {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #output = new Emitter<Uint8Array>();
  readonly onOutput = this.#output.on;

  constructor(kernel: Uint8Array, initramfs: Uint8Array, commandLine: string) {
    this.#folder = mkdtempSync(join(tmpdir(), "kspace-bench-"));
    const kernelFile = join(this.#folder, "vmlinuz");
    const initramfsFile = join(this.#folder, "initramfs");
    writeFileSync(kernelFile, kernel);
    writeFileSync(initramfsFile, initramfs);
    const null1 = ["-serial", "null"];
    this.#process = spawn(
      QEMU,
      [
        ...["-accel", "tcg", "-m", "128", "-nodefaults", "-display", "none", "-no-reboot"],
        ...["-kernel", kernelFile, "-initrd", initramfsFile, "-append", commandLine],
        ...["-serial", "stdio", ...null1, ...null1],
      ],
      { stdio: ["pipe", "pipe", "ignore"] },
    );
    this.#process.stdout?.on("data", (bytes: Uint8Array) => this.#output.emit(bytes));
  }

  write(text: string): void {
    this.#process.stdin?.write(text);
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
