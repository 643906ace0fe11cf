import { type Signal, signal } from "@preact/signals";
import { beforeEach, describe, expect, it } from "vitest";
import type { MachineStatus } from "../../../emulator/browser/protocol.js";
import type { KernelRecord } from "../../../emulator/lab/index.js";
import { GuestShell } from "./guest-shell.js";
import { FakeTerminal, PROMPT, prompt } from "./test-support/fake-terminal.js";

const IDLE: MachineStatus = {
  state: "idle",
  instructionsPerSecond: 0,
  guestMs: 0,
  place: undefined,
};

let terminal: FakeTerminal;
let status: Signal<MachineStatus>;
let kernelLog: Signal<readonly KernelRecord[]>;
let shell: GuestShell;
let abort: AbortController;
let lines: string[];

beforeEach(() => {
  terminal = new FakeTerminal();
  status = signal(IDLE);
  kernelLog = signal<readonly KernelRecord[]>([]);
  shell = new GuestShell({ actions: terminal, status, kernelLog });
  abort = new AbortController();
  lines = [];
});

const run = (line: string) => shell.run(line, (printed) => lines.push(printed), abort.signal);

describe("the shell", () => {
  it("waits where its prompt says", () => {
    expect(shell.folder).toBeUndefined();
    terminal.write(prompt("~/2-fops"));
    expect(shell.folder).toBe("/home/student/2-fops");
    terminal.write("gdb -q hello.ko\r\n(gdb) ");
    expect(shell.folder).toBeUndefined();
    expect(shell.isGdb).toBe(true);
  });

  it("is waited for, but not for ever", async () => {
    const timers: (() => void)[] = [];
    const after = (_ms: number, callback: () => void): Disposable => {
      timers.push(callback);
      return { [Symbol.dispose]: () => void timers.splice(0) };
    };
    const late = shell.waitForPrompt(1000, { after });
    timers[0]?.();
    expect(await late).toBe(false);
    const soon = shell.waitForPrompt(1000, { after });
    terminal.write(PROMPT);
    expect(await soon).toBe(true);
    expect(timers).toEqual([]);
    expect(await shell.waitForPrompt(1000, { after })).toBe(true);
  });
});

describe("a command", () => {
  beforeEach(() => terminal.write(PROMPT));

  it("ends at the next prompt, with what it has printed", async () => {
    const end = run("./a.out");
    expect(terminal.typed).toEqual(["./a.out"]);
    // What was begun there is taken away first, which draws the prompt anew.
    terminal.write(`\r${PROMPT}./a.out\r\nwrote 6 bytes\r\nread 6 bytes: hello\r\n${PROMPT}`);
    expect(await end).toEqual({ kind: "prompt" });
    expect(lines).toEqual(["wrote 6 bytes", "read 6 bytes: hello"]);
  });

  it("is not what the kernel says meanwhile", async () => {
    const end = run("sudo insmod ./hello.ko");
    terminal.write("sudo insmod ./hello.ko\r\n[   12.345678] hello: loaded\r\n");
    kernelLog.value = [{ microseconds: 12_345_678, text: "hello: loaded" } as KernelRecord];
    terminal.write(PROMPT);
    expect(await end).toEqual({ kind: "prompt" });
    expect(lines).toEqual([]);
  });

  it("ends when the machine goes down", async () => {
    const end = run("./a.out");
    terminal.write("./a.out\r\n");
    status.value = { ...IDLE, state: "frozen" };
    expect(await end).toEqual({ kind: "down" });
    expect(await run("./a.out")).toEqual({ kind: "down" });
    expect(terminal.typed).toEqual(["./a.out"]);
  });

  it("ends when the machine goes back to a snapshot", async () => {
    const end = run("./a.out");
    terminal.write("./a.out\r\n");
    terminal.reset(PROMPT);
    expect(await end).toEqual({ kind: "went-back" });
    expect(shell.folder).toBe("/home/student");
  });

  it("is interrupted when it is cancelled", async () => {
    const end = run("sleep 100");
    terminal.write("sleep 100\r\n");
    abort.abort(new Error("cancelled"));
    await expect(end).rejects.toThrow("cancelled");
    expect(terminal.keys).toEqual(["\x03"]);
    await expect(run("ls")).rejects.toThrow("cancelled");
  });
});
