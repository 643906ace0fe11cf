import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Checkpoint, Lab } from "../../lab/index.js";
import { bootLab } from "../../node/index.js";
import { spawnKspace } from "../test-support/spawn-kspace.js";
import type { HostTerminal, TerminalSize } from "./host-terminal.js";
import { runInteractive } from "./interactive.js";

/** `kspace shell` on the real image; the terminal in front of it is a script. */

const PROMPT = "student@kspace:~$ ";
/** "Select Graphic Rendition" and "Erase in Display", which the guest's line editor writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin so.
const ESCAPE_SEQUENCE = /\x1b\[[0-9;]*[mJ]/g;

class ScriptedTerminal implements HostTerminal {
  size: TerminalSize | undefined = { rows: 30, columns: 100 };
  #shown = "";
  #type: (input: Uint8Array) => void = () => undefined;
  #resized: () => void = () => undefined;
  #hangUp: () => void = () => undefined;
  #written: () => void = () => undefined;

  /** What was shown and not yet waited for, without colours. */
  get unread(): string {
    return this.#shown.replace(ESCAPE_SEQUENCE, "");
  }
  write(output: Uint8Array | string): void {
    this.#shown += typeof output === "string" ? output : new TextDecoder().decode(output);
    this.#written();
  }
  onInput(listener: (input: Uint8Array) => void): void {
    this.#type = listener;
  }
  onResize(listener: () => void): void {
    this.#resized = listener;
  }
  onHangup(listener: () => void): void {
    this.#hangUp = listener;
  }
  [Symbol.dispose](): void {}

  type(keys: string): void {
    this.#type(new TextEncoder().encode(keys));
  }
  resize(rows: number, columns: number): void {
    this.size = { rows, columns };
    this.#resized();
  }
  hangUp(): void {
    this.#hangUp();
  }

  /** Waits until something is shown, and forgets it and what came before. */
  async shows(text: string): Promise<string> {
    for (;;) {
      const at = this.unread.indexOf(text);
      if (at >= 0) {
        const seen = this.unread.slice(0, at + text.length);
        this.#shown = this.unread.slice(at + text.length);
        return seen;
      }
      await new Promise<void>((resolve, reject) => {
        const expired = () => reject(new Error(`no ${JSON.stringify(text)} in ${this.unread}`));
        const timer = setTimeout(expired, 20_000);
        this.#written = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

describe("on a terminal", () => {
  let lab: Lab;
  let start: Checkpoint;
  let terminal: ScriptedTerminal;
  let session: Promise<void>;
  let controller: AbortController;

  beforeAll(async () => {
    lab = await bootLab();
    start = await lab.checkpoint();
  });
  afterAll(() => lab.close());
  beforeEach(async () => {
    await lab.restore(start);
    terminal = new ScriptedTerminal();
    controller = new AbortController();
    session = runInteractive(lab, terminal, { signal: controller.signal, showsBoot: false });
    await terminal.shows(PROMPT);
  });

  it("is the guest's console, with the terminal's size, until Ctrl-] q", async () => {
    terminal.type("stty size; id -un\r");
    expect(await terminal.shows("student\r\n")).toContain("\n30 100\r\n");
    terminal.resize(20, 60);
    // The size goes through the guest's other line: ask until it is there.
    terminal.type("while [ \"$(stty size)\" != '20 60' ]; do :; done; echo resi''zed\r");
    await terminal.shows("resized\r\n");
    terminal.type("\x1dq");
    await session;
  });

  it("hands Ctrl-C to the guest", async () => {
    // A program that is in front, and says so: the shell itself takes Ctrl-C in another way.
    terminal.type("sh -c \"echo star''ted; exec sleep 1000\"\r");
    await terminal.shows("started\r\n");
    terminal.type("\x03");
    await terminal.shows(PROMPT);
    terminal.type("echo go''ne\r");
    await terminal.shows("gone\r\n");
    terminal.type("\x1dq");
    await session;
  });

  it("tells a freeze, ignores keys then, and brings the machine back by r", async () => {
    terminal.type("cd 3-locking; sudo insmod ./hello.ko; ./a.out\r");
    await terminal.shows("[kspace] The machine is frozen: it spins for a lock");
    await terminal.shows("[kspace] `hello_lock` was acquired in `hello_write()` at `hello.c:");
    await terminal.shows("Press r to bring the machine back to its checkpoint, q to leave.\r\n");
    terminal.type("\x03ls\r");
    terminal.type("r");
    await terminal.shows("[kspace] The machine is back at its checkpoint, after ");
    await terminal.shows(PROMPT);
    terminal.type("lsmod | wc -l\r");
    await terminal.shows("\r\n1\r\n");
    terminal.type("\x1dq");
    await session;
  });

  it("tells a panic, and leaves by q", async () => {
    terminal.type("echo c | sudo tee /proc/sysrq-trigger\r");
    await terminal.shows("[kspace] The kernel panicked: sysrq triggered crash");
    terminal.type("q");
    await session;
  });

  it("explains an oops, and shows the prompt again", async () => {
    terminal.type("cd 4-debugging; sudo insmod ./hello.ko; ./a.out\r");
    await terminal.shows("[kspace] BUG: bad usercopy in hello_write\r\n");
    await terminal.shows("`hello_write()` passed a NULL destination to `copy_from_user()`");
    await terminal.shows("[kspace] hello_write+0x");
    await terminal.shows("/home/student/4-debugging/hello.c:");
    await terminal.shows("~/4-debugging$ ");
    terminal.type("\x1dq");
    await session;
  });

  it("comes back to a checkpoint of the person's own", async () => {
    terminal.type("cd 2-fops\r");
    await terminal.shows("~/2-fops$ ");
    terminal.type("\x1dc");
    await terminal.shows("Checkpoint made");
    terminal.type("cd /\r");
    await terminal.shows("kspace:/$ ");
    terminal.type("\x1dr");
    await terminal.shows("The machine is back");
    terminal.type("pwd\r");
    await terminal.shows("/home/student/2-fops\r\n");
    terminal.hangUp();
    await session;
  });

  it("shows its keys, and the prompt again", async () => {
    terminal.type("\x1d?");
    await terminal.shows("[kspace]   q       leave");
    await terminal.shows(PROMPT);
    controller.abort(new Error("enough"));
    await expect(session).rejects.toThrow("enough");
  });
});

describe("with a script", () => {
  it("runs it as the student, and ends with its status", async () => {
    const stdin = "id -un; pwd\necho oh >&2\ncat <<END\n$((6 * 7))\nEND\nexit 7\n";
    expect(await spawnKspace(["shell"], { stdin })).toEqual({
      status: 7,
      signal: null,
      stdout: "student\n/home/student\n42\n",
      stderr: "oh\n",
    });
  });

  it("tells what the kernel reported meanwhile", async () => {
    const script = "cd 4-debugging; sudo insmod ./hello.ko; ./a.out; exit 3";
    const { status, stderr } = await spawnKspace(["shell"], { stdin: script });
    expect(status).toBe(3);
    expect(stderr).toContain("kspace: BUG: bad usercopy in hello_write\n");
  });

  it("tells when the machine freezes under it", async () => {
    const stdin = "cd 3-locking; sudo insmod hello.ko; ./a.out; echo never";
    const { status, stdout, stderr } = await spawnKspace(["shell"], { stdin });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "wrote 6 bytes\n" });
    expect(stderr).toMatch(/^\[ *\d+\.\d+\] hello: opened by a\.out/m);
    expect(stderr).toContain("kspace: `hello_lock` was acquired in `hello_write()` at `hello.c:");
    expect(stderr).toContain("kspace: The machine is frozen: it spins for a lock");
  });
});
