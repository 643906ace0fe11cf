/** Bytes on their way through a real guest: what programs write and read, and the kernel's log. */
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootLab, type CommandResult, type KernelRecord, type Lab } from "../node/index.js";
import {
  describeResult,
  kernelSays,
  outputOf,
  shell,
  text,
  waitInGuest,
} from "./test-support/guest.js";

const HOME = "/home/student";

let lab: Lab;

beforeAll(async () => {
  lab = await bootLab();
});

afterAll(() => lab.close());

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

describe("what a program writes", () => {
  it("comes as it is: every byte, no newline added", async () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await lab.writeFile(`${HOME}/every-byte`, every);
    expect((await lab.run("cat", { args: [`${HOME}/every-byte`] })).stdout).toEqual(every);
    expect(await shell(lab, "printf abc")).toBe("abc");
    expect(await shell(lab, "printf 'a\\0\\0b\\0'")).toBe("a\0\0b\0");
    expect(await shell(lab, "printf ''")).toBe("");
  });

  it("may be escape codes, which nobody answers", async () => {
    const codes = "\x1b[6n\x1b[2J\x1b]0;title\x07\x1b[31mred\x1b[0m\r\n";
    expect(text((await lab.run("printf", { args: ["%s", codes] })).stdout)).toBe(codes);
  });

  it("comes on the stream that it was written to", async () => {
    const result = await lab.sh("echo out; echo err >&2; printf out2; printf err2 >&2");
    expect(text(result.stdout)).toBe("out\nout2");
    expect(text(result.stderr)).toBe("err\nerr2");
  });

  it("is complete at 5 MB", async () => {
    const sum = await shell(
      lab,
      "dd if=/dev/urandom of=/tmp/random bs=64k count=80 2>/dev/null; md5sum < /tmp/random",
    );
    const chunks: number[] = [];
    const result = await lab.run("cat", {
      args: ["/tmp/random"],
      onStdout: (bytes) => chunks.push(bytes.length),
    });
    expect(result.stdout.length).toBe(80 * 65_536);
    expect(`${md5(result.stdout)}  -\n`).toBe(sum);
    expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(result.stdout.length);
    await shell(lab, "rm /tmp/random");
  });

  it("is complete when the program ends at once after it", async () => {
    await lab.sh("for i in $(seq 2000); do echo line $i; done > /tmp/lines");
    for (let round = 0; round < 5; round++) {
      const lines = (await shell(lab, "cat /tmp/lines")).trimEnd().split("\n");
      expect(lines.length).toBe(2000);
      expect(lines.at(-1)).toBe("line 2000");
    }
  });
});

describe("what a program reads", () => {
  it("is complete at 1 MB, and can be echoed meanwhile", async () => {
    const sent = randomBytes(1024 * 1024);
    const result = await lab.run("cat", { stdin: sent });
    expect(result.stdout.length).toBe(sent.length);
    expect(md5(result.stdout)).toBe(md5(sent));
  });

  it("ends; without any it has ended already", async () => {
    expect(text((await lab.run("wc", { args: ["-c"], stdin: "12345" })).stdout).trim()).toBe("5");
    expect(text((await lab.run("wc", { args: ["-c"] })).stdout).trim()).toBe("0");
  });

  it("need not be read", async () => {
    const result = await lab.run("true", { stdin: new Uint8Array(1024 * 1024) });
    expect(result).toMatchObject({ outcome: "exited", exitCode: 0 });
  });
});

describe("how a program ends", () => {
  it.each([0, 1, 42, 255])("with status %i", async (status) => {
    expect(await lab.sh(`exit ${status}`)).toMatchObject({ outcome: "exited", exitCode: status });
  });

  it.each(["TERM", "SEGV", "KILL", "ABRT"])("by SIG%s", async (name) => {
    expect(await lab.sh(`kill -${name} $$`)).toMatchObject({
      outcome: "signaled",
      signal: `SIG${name}`,
    });
  });

  it("is told apart from not starting at all", async () => {
    await lab.writeFile(`${HOME}/garbage`, "\x7fno program\n", 0o755);
    await lab.writeFile(`${HOME}/plain`, "#!/bin/sh\n", 0o644);
    await lab.writeFile(`${HOME}/no-interpreter`, "#!/no/such/shell\n", 0o755);
    const start = (program: string, cwd = "/"): Promise<CommandResult> =>
      lab.run(program, { cwd, user: "student" });
    const notStarted = (errno: string, step = "execve") =>
      expect.objectContaining({ outcome: "not-started", errno, step });

    expect(await start("/no/such/program")).toEqual(notStarted("ENOENT"));
    expect(await start("no-such-program")).toEqual(notStarted("ENOENT"));
    expect(await start(`${HOME}/no-interpreter`)).toEqual(notStarted("ENOENT"));
    expect(await start(`${HOME}/plain`)).toEqual(notStarted("EACCES"));
    expect(await start("/etc")).toEqual(notStarted("EACCES"));
    expect(await start(`${HOME}/garbage`)).toEqual(notStarted("ENOEXEC"));
    expect(await start("/bin/true", "/no/such/folder")).toEqual(notStarted("ENOENT", "chdir"));
  });

  it("with its arguments, environment, folder and user as they were given", async () => {
    const args = ["", " a  b ", "$HOME", "'\"\\", "ü€😀", "line\nline", "-n"];
    const result = await lab.run("printf", { args: ["<%s>", ...args] });
    expect(text(result.stdout)).toBe(args.map((argument) => `<${argument}>`).join(""));
    const about = await lab.sh('echo "$GREETING|$(pwd)|$(id -un)|$HOME"', {
      env: { GREETING: "hello = world" },
      cwd: "/tmp",
      user: "student",
    });
    expect(outputOf(about)).toBe("hello = world|/tmp|student|/home/student\n");
  });
});

describe("while others flood the lines", () => {
  beforeAll(async () => {
    // By default the kernel drops all but ten messages that a program logs within 5 s.
    await shell(lab, "echo on > /proc/sys/kernel/printk_devkmsg");
    await shell(lab, "for i in $(seq 3000); do echo wanted line $i; done > /tmp/wanted");
  });

  it.each([
    ["the kernel log", "while :; do echo flood of messages; done > /dev/kmsg"],
    ["the terminal", "yes flood of the terminal > /dev/ttyS0"],
  ])("a command's output holds nothing of %s", async (_, script) => {
    const before = lab.kernelLog().length;
    let terminalBytes = 0;
    using _listening = lab.terminal.onOutput((bytes) => {
      terminalBytes += bytes.length;
    });
    const flood = (await shell(lab, `(${script}) >/dev/null 2>&1 & echo $!`)).trim();
    await waitInGuest(lab, 5000, "the flood", () => terminalBytes > 20_000 || undefined);
    const result = await lab.run("cat", { args: ["/tmp/wanted"], timeoutMs: 20_000 });
    await shell(lab, `kill ${flood}; killall yes 2>/dev/null; true`);
    const wanted = Array.from({ length: 3000 }, (_, index) => `wanted line ${index + 1}\n`);
    expect(outputOf(result)).toBe(wanted.join(""));
    if (script.includes("kmsg")) expect(lab.kernelLog().length).toBeGreaterThan(before + 100);
  });

  it("noise on the control line harms no command", async () => {
    const [, control] = lab.machine.serial;
    const noise = [
      new TextEncoder().encode("junk\n"),
      Uint8Array.of(0x7e, 0x02, 0x00, 0x7e, 0x7d, 0x7e),
      randomBytes(200),
    ];
    let next = 0;
    using _listening = lab.machine.onSlice(() => {
      const bytes = noise[next++ % 30];
      if (bytes !== undefined) control?.write(bytes);
    });
    const sent = randomBytes(30_000);
    const echoed = await lab.run("cat", { stdin: sent, timeoutMs: 30_000 });
    expect(md5(echoed.stdout), describeResult(echoed)).toBe(md5(sent));

    const script = `i=0; while [ $i -lt 200 ]; do i=$((i+1))
      echo "junk $i" > /dev/ttyS1; printf '\\176\\177junk\\0\\176' > /dev/ttyS1; echo line $i
    done`;
    const lines = (await shell(lab, script)).trimEnd().split("\n");
    expect(lines).toEqual(Array.from({ length: 200 }, (_, index) => `line ${index + 1}`));
  });
});

describe("the kernel log", () => {
  it("is complete from the first message on, with the levels", async () => {
    await using fresh = await bootLab();
    await shell(fresh, 'for l in 0 3 4 7; do echo "<$l>level $l" > /dev/kmsg; done');
    await kernelSays(fresh, /^level 7$/, 2000);
    const log = fresh.kernelLog();
    expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index));
    expect(log[0]?.text).toBe((await shell(fresh, "cat /proc/version")).trim());
    const levels = log.filter(({ text }) => text.startsWith("level"));
    expect(levels.map(({ level }) => level)).toEqual([0, 3, 4, 7]);
    expect(await shell(fresh, "dmesg -r")).toBe(asSyslog(fresh.kernelLog()));
  });

  it("belongs to the command during which it was written", async () => {
    await shell(lab, "echo before > /dev/kmsg");
    const result = await lab.sh("echo during > /dev/kmsg");
    await shell(lab, "echo after > /dev/kmsg");
    expect(result.kernelLog.map((record) => record.text)).toEqual(["during"]);
  });
});

/** Records as syslog(2) shows them: kernel/printk/printk.c, record_print_text(). */
function asSyslog(records: readonly KernelRecord[]): string {
  return records
    .flatMap(({ facility, level, microseconds, text }) => {
      const seconds = String(Math.floor(microseconds / 1e6)).padStart(5);
      const fraction = String(microseconds % 1e6).padStart(6, "0");
      const prefix = `<${facility * 8 + level}>[${seconds}.${fraction}] `;
      return text.split("\n").map((line) => `${prefix}${line}\n`);
    })
    .join("");
}

describe("a request of the guest", () => {
  it("reaches the host and brings back its answer", async () => {
    const payload = randomBytes(100_000);
    using _echo = lab.onGuestCall("echo", (request) => ({
      payload: request.payload,
      status: 7,
      complaint: `${request.args.join("|")} of ${request.caller.uid}`,
    }));
    const result = await lab.run("kspace-call", {
      args: ["-i", "echo", "one", "", "two words"],
      stdin: payload,
      user: "student",
    });
    expect(result).toMatchObject({ outcome: "exited", exitCode: 7 });
    expect(md5(result.stdout)).toBe(md5(payload));
    expect(text(result.stderr)).toContain("one||two words of 1000");
  });

  it("that nobody answers, or whose handler fails, is an error of the caller", async () => {
    const unknown = await lab.run("kspace-call", { args: ["nobody"] });
    expect(unknown).toMatchObject({ outcome: "exited", exitCode: 127 });
    using _failing = lab.onGuestCall("fail", () => Promise.reject(new Error("out of order")));
    const failed = await lab.run("kspace-call", { args: ["fail"] });
    expect(failed).toMatchObject({ outcome: "exited", exitCode: 1 });
    expect(text(failed.stderr)).toContain("out of order");
  });
});
