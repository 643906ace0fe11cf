import type { ChildProcess } from "node:child_process";
import { expect, vi } from "vitest";
import { ended, type ProcessResult, startKspace } from "./spawn-kspace.js";

/** A `kspace gdb` that has said how to start gdb. Disposed of, it is no more, whatever it does. */
export interface WaitingForGdb extends Disposable {
  readonly child: ChildProcess;
  readonly result: Promise<ProcessResult>;
  readonly said: string;
  readonly port: number;
  /** The file with commands for gdb. */
  readonly script: string;
}

/** Starts `kspace gdb` at a free port, and waits until it waits. */
export async function startWaitingForGdb(...args: readonly string[]): Promise<WaitingForGdb> {
  const child = startKspace(["gdb", "--port", "0", ...args]);
  const result = ended(child);
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += String(chunk);
  });
  try {
    await vi.waitFor(() => expect(said).toContain("\n  echo "), { timeout: 60_000 });
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  const [, port = ""] = /^The lab waits for gdb at 127\.0\.0\.1:(\d+)\./m.exec(said) ?? [];
  const [, script = ""] = /^ {2}gdb -q -x (\S+\/commands\.gdb)$/m.exec(said) ?? [];
  return {
    child,
    result,
    said,
    port: Number(port),
    script,
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}
