import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Emitter } from "../machine/emitter.js";
import { ControlLine } from "./control-line.js";
import { encodeFrame } from "./frame.js";
import { type HostCommand, hostCommand } from "./host-command.js";
import { dataFrame, helloFrame } from "./link-frame.js";
import { FrameKind } from "./protocol.js";
import {
  compileAgent,
  compilerMissing,
  type NativeAgent,
  NativeGuest,
  type NativeOptions,
} from "./test-support/native-agent.js";
import { randomNoise } from "./test-support/noise.js";
import { Random } from "./test-support/random.js";
import { hostTimers } from "./timers.js";

const MEGABYTE = 1024 * 1024;
const skipReason = await compilerMissing();

/** Comparing a megabyte element by element would take longer than sending it. */
function expectSameBytes(found: Uint8Array, expected: Uint8Array): void {
  expect(found.length).toBe(expected.length);
  expect(Buffer.compare(found, expected)).toBe(0);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

describe.skipIf(skipReason !== undefined)(`the real agent (${skipReason ?? "with cc"})`, () => {
  let native: NativeAgent;
  beforeAll(async () => {
    native = await compileAgent();
  });
  afterAll(() => native.remove());

  describe.each([
    { line: "pipes", terminal: false },
    { line: "a terminal", terminal: true },
  ])("over $line", ({ terminal }) => {
    let guest: NativeGuest;
    beforeEach(async () => {
      guest = new NativeGuest(native, { terminal });
      await guest.control.connect();
    });
    afterEach(() => guest.close());

    it("passes 5 MB of random bytes through cat, both ways", async () => {
      const input = new Random(1).bytes(5 * MEGABYTE);
      const { exit, stdout, stderr } = await guest.run(["cat"], { stdin: input });
      expect(exit).toMatchObject({ kind: "exited", code: 0 });
      expectSameBytes(stdout, input);
      expect(stderr).toHaveLength(0);
    });

    it("keeps standard output and error apart, or merges them in order", async () => {
      const script = "echo out; echo err >&2; printf 'no newline'";
      const apart = await guest.run(["sh", "-c", script]);
      expect([text(apart.stdout), text(apart.stderr)]).toEqual(["out\nno newline", "err\n"]);
      const merged = await guest.run(["sh", "-c", script], { mergeStderr: true });
      expect([text(merged.stdout), text(merged.stderr)]).toEqual(["out\nerr\nno newline", ""]);
    });

    it("passes bytes that a terminal would act upon", async () => {
      const input = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const { stdout } = await guest.run(["cat"], { stdin: input });
      expect(stdout).toEqual(input);
    });

    it("answers pings while a flood runs", async () => {
      const abort = new AbortController();
      const flood = guest.control.exec({ argv: ["yes"], env: guest.env }, { signal: abort.signal });
      await flood.pid;
      const times = await Promise.all(Array.from({ length: 50 }, () => guest.control.ping()));
      expect(Math.max(...times)).toBeLessThan(1000);
      abort.abort();
      await expect(flood.exit).rejects.toMatchObject({ code: "aborted" });
      expect(await guest.sh("echo usable")).toBe("usable\n");
    });

    it("forgets the session on a new HELLO in the middle of a flood, and kills it", async () => {
      const marker = `kspace-flood-${process.pid}-${terminal}`;
      const script = `while :; do echo ${marker}; done`;
      const flood = guest.control.exec({ argv: ["sh", "-c", script], env: guest.env });
      await flood.pid;
      await guest.control.connect();
      await expect(flood.exit).rejects.toMatchObject({ code: "reset" });
      expect(await guest.sh("echo usable")).toBe("usable\n");
      // The bracket keeps the searching shell from finding itself.
      const search = `cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c '[k]${marker.slice(1)}'`;
      // It is killed, but on a busy machine not gone before it runs once more.
      await vi.waitFor(async () => expect(await guest.sh(search)).toBe("0\n"), 5000);
    });
  });

  describe("commands", () => {
    let guest: NativeGuest;
    beforeAll(async () => {
      guest = new NativeGuest(native);
      await guest.control.connect();
    });
    afterAll(() => guest.close());

    it.each([0, 1, 42, 255])("end with status %i", async (code) => {
      const { exit } = await guest.run(["sh", "-c", `exit ${code}`]);
      expect(exit).toMatchObject({ kind: "exited", code });
    });

    it.each(["SEGV", "KILL", "TERM", "USR1", "PIPE"])("die by SIG%s", async (signal) => {
      const { exit } = await guest.run(["sh", "-c", `kill -${signal} $$`]);
      expect(exit).toMatchObject({ kind: "signaled", signal: `SIG${signal}` });
    });

    it.each([
      ["a program that is not there", ["no-such-program"], {}, "ENOENT", "execve"],
      ["a path that is not there", ["/no/such/program"], {}, "ENOENT", "execve"],
      ["a file that is no program", ["/etc/passwd"], {}, "EACCES", "execve"],
      ["a folder for a program", ["/etc"], {}, "EACCES", "execve"],
      ["an empty name", [""], {}, "ENOENT", "execve"],
      ["a working directory that is not there", ["true"], { cwd: "/no" }, "ENOENT", "chdir"],
      ["a file for a working directory", ["true"], { cwd: "/etc/passwd" }, "ENOTDIR", "chdir"],
      ["too long a name", [`/${"x".repeat(5000)}`], {}, "ENAMETOOLONG", "execve"],
    ])("name what failed: %s", async (_, argv, options, errno, step) => {
      const { exit } = await guest.run(argv, options);
      expect(exit).toEqual({ kind: "failed-to-start", errno, step });
    });

    it("get exactly the arguments, environment, folder and umask that were asked for", async () => {
      const args = ["", " ", "a b", "quote'\"", "new\nline", "é€😀", "*"];
      const { stdout } = await guest.run(["printf", "<%s>", ...args]);
      expect(text(stdout)).toBe(args.map((arg) => `<${arg}>`).join(""));
      const env = ["PATH=/usr/bin:/bin", "A=1", "B=two words"];
      expect(text((await guest.run(["env"], { env })).stdout)).toBe(`${env.join("\n")}\n`);
      expect(text((await guest.run(["pwd"], { cwd: "/usr" })).stdout)).toBe("/usr\n");
      expect(text((await guest.run(["sh", "-c", "umask"], { umask: 0o27 })).stdout)).toBe("0027\n");
      const long = await guest.run(["printf", "%s", "x".repeat(120_000)]);
      expect(long.stdout).toHaveLength(120_000);
    });

    it("get raw bytes as arguments", async () => {
      const raw = Uint8Array.of(0xff, 0xfe, 0x01);
      const chunks: Uint8Array[] = [];
      await guest.control.exec(
        { argv: ["printf", "%s", raw], env: guest.env },
        { onStdout: (bytes) => chunks.push(bytes) },
      ).exit;
      expect(chunks).toEqual([raw]);
    });

    it("have a session of their own, no terminal and ordinary signals", async () => {
      // Fields 1, 5, 6 and 7 of /proc/PID/stat: process, group, session, terminal (proc(5)).
      const [pid, , , , group, session, terminal] = text(
        (await guest.run(["cat", "/proc/self/stat"])).stdout,
      ).split(" ");
      expect([group, session, terminal]).toEqual([pid, pid, "0"]);
      const status = text((await guest.run(["cat", "/proc/self/status"])).stdout);
      expect(status).toMatch(/SigBlk:\s+0+\n/);
      expect(status).toMatch(/SigIgn:\s+0+\n/);
      // Three standard streams, and the folder that ls reads.
      expect(text((await guest.run(["ls", "/proc/self/fd"])).stdout)).toBe("0\n1\n2\n3\n");
    });

    it("read nothing without standard input, and its end after all of it", async () => {
      expect(await guest.sh("wc -c")).toBe("0\n");
      expect((await guest.sh("wc -c", { stdin: new Uint8Array(100_000) })).trim()).toBe("100000");
    });

    it("may leave their input unread", async () => {
      const { exit } = await guest.run(["true"], { stdin: new Uint8Array(MEGABYTE) });
      expect(exit).toMatchObject({ kind: "exited", code: 0 });
      expect(
        await guest.sh("exec <&-; sleep 0.2; echo done", { stdin: new Uint8Array(MEGABYTE) }),
      ).toBe("done\n");
    });

    it("wait with their output until the host has taken it, and lose none", async () => {
      const { stdout } = await guest.run(["head", "-c", `${3 * MEGABYTE}`, "/dev/zero"]);
      expectSameBytes(stdout, new Uint8Array(3 * MEGABYTE));
    });

    it("are not waited for when they leave a process that holds their output", async () => {
      const left = Number(await guest.sh("sleep 1000 & echo $!"));
      process.kill(left);
      // The flood begins when the process has been waited for, so that it mixes with nothing.
      const leave = "(while kill -0 $$; do :; done 2>/dev/null; exec yes) &";
      const flood = await guest.sh(`${leave} exec seq 100000`);
      expect(flood.split("\n").slice(99_998, 100_000)).toEqual(["99999", "100000"]);
    });

    it("run side by side", async () => {
      const outputs = await Promise.all(
        Array.from({ length: 20 }, (_, index) => guest.sh(`sleep 0.1; echo ${index}`)),
      );
      expect(outputs).toEqual(outputs.map((_, index) => `${index}\n`));
    });

    it("are refused when there are too many", async () => {
      const running = Array.from({ length: 40 }, () =>
        guest.control.exec({ argv: ["sleep", "10"], env: guest.env }),
      );
      const started = await Promise.allSettled(running.map(({ pid }) => pid));
      const refused = running.filter((_, index) => started[index]?.status === "rejected");
      expect(refused).toHaveLength(8);
      for (const { exit } of refused) {
        expect(await exit).toEqual({ kind: "failed-to-start", errno: "EAGAIN", step: "limit" });
      }
      for (const command of running) command.kill("SIGTERM");
      await Promise.all(running.map(({ exit }) => exit));
    });

    it("are signalled as a group", async () => {
      const command = guest.control.exec({
        argv: ["sh", "-c", "sleep 20 | sleep 20"],
        env: guest.env,
      });
      await command.pid;
      command.kill("SIGINT");
      expect(await command.exit).toMatchObject({ kind: "signaled", signal: "SIGINT" });
    });

    it("tell what they used", async () => {
      const { exit } = await guest.run([
        "sh",
        "-c",
        "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done",
      ]);
      expect(exit).toMatchObject({ kind: "exited" });
      if (exit.kind !== "exited") return;
      expect(exit.usage.userMs + exit.usage.systemMs).toBeGreaterThan(1);
      expect(exit.usage.maxRssKiB).toBeGreaterThan(100);
    });

    it("do not set the date of this computer", async () => {
      await expect(guest.control.setTime(0)).rejects.toMatchObject({ code: "refused" });
    });
  });

  describe("kspace-call", () => {
    let guest: NativeGuest;
    beforeAll(async () => {
      guest = new NativeGuest(native);
      await guest.control.connect();
      guest.control.onRequest("echo", ({ args, payload }) => ({
        status: args.length,
        payload: Buffer.concat([Buffer.from(args.join("|")), payload]),
      }));
      guest.control.onRequest("fail", () => {
        throw new Error("this went wrong");
      });
    });
    afterAll(() => guest.close());

    it("passes arguments and status", async () => {
      const { exit, stdout } = await guest.run(["kspace-call", "echo", "a b", "", "é"]);
      expect(exit).toMatchObject({ kind: "exited", code: 3 });
      expect(text(stdout)).toBe("a b||é");
    });

    it("passes standard input only when it is told to", async () => {
      const stdin = new TextEncoder().encode("input");
      expect(text((await guest.run(["kspace-call", "echo"], { stdin })).stdout)).toBe("");
      expect(text((await guest.run(["kspace-call", "-i", "echo"], { stdin })).stdout)).toBe(
        "input",
      );
    });

    it("ends a request whose end comes long after its bytes", async () => {
      // By then nothing is under way on the line that would wake the agent.
      const script = "(echo first; sleep 0.5) | kspace-call -i echo";
      expect(await guest.sh(script)).toBe("first\n");
    });

    it("passes megabytes both ways, and several calls at once", async () => {
      const stdin = new Random(5).bytes(2 * MEGABYTE);
      const calls = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          guest.run(["kspace-call", "-i", "echo"], {
            stdin: index === 0 ? stdin : stdin.subarray(0, 1000 * index),
          }),
        ),
      );
      for (const [index, { stdout }] of calls.entries()) {
        expectSameBytes(stdout, index === 0 ? stdin : stdin.subarray(0, 1000 * index));
      }
    });

    it("says who calls", async () => {
      const calls: { pid: number; uid: number; gid: number }[] = [];
      guest.control.onRequest("who", ({ caller }) => {
        calls.push(caller);
        return {};
      });
      const pid = Number((await guest.sh("echo $$; exec kspace-call who")).trim());
      expect(calls).toEqual([{ pid, uid: process.getuid?.(), gid: process.getgid?.() }]);
    });

    it("reports a failing handler and an unknown name", async () => {
      const failed = await guest.run(["kspace-call", "fail"]);
      expect(failed.exit).toMatchObject({ code: 1 });
      expect(text(failed.stderr)).toBe("kspace-call: this went wrong\n");
      const unknown = await guest.run(["kspace-call", "nobody"]);
      expect(unknown.exit).toMatchObject({ code: 127 });
      expect(text(unknown.stderr)).toContain("nobody");
    });

    it("ends with 125 when there is no agent", async () => {
      const env = [...guest.env, "KSPACE_AGENT_SOCKET=kspace-test-nobody"].filter(
        (each) => each !== guest.env[1],
      );
      const { exit, stderr } = await guest.run(["kspace-call", "echo"], { env });
      expect(exit).toMatchObject({ code: 125 });
      expect(text(stderr)).toContain("no control agent");
    });

    it("tells the handler when the caller is gone", async () => {
      let gone: () => void = () => undefined;
      const left = new Promise<void>((resolve) => {
        gone = resolve;
      });
      guest.control.onRequest("wait", ({ signal }) => {
        signal.addEventListener("abort", () => gone());
        return new Promise(() => undefined);
      });
      expect(await guest.sh("timeout 0.2 kspace-call wait; echo $?")).toBe("124\n");
      await left;
    });
  });

  describe("a command that the host carries out", () => {
    let guest: NativeGuest;
    beforeAll(async () => {
      guest = new NativeGuest(native);
      await guest.control.connect();
    });
    afterAll(() => guest.close());

    it("says how and where it was called", async () => {
      const calls: HostCommand[] = [];
      guest.control.onRequest(
        "host-command",
        hostCommand((command) => {
          calls.push(command);
          return 3;
        }),
      );
      const { exit } = await guest.run(["host-command", "-o", "a b", "", "é"], {
        cwd: "/usr/bin",
        env: [...guest.env, "TERM=xterm"],
      });
      expect(exit).toMatchObject({ kind: "exited", code: 3 });
      expect(calls).toMatchObject([
        {
          name: "host-command",
          args: ["-o", "a b", "", "é"],
          folder: "/usr/bin",
          stdoutIsTerminal: false,
          stderrIsTerminal: false,
          colours: true,
        },
      ]);
      await guest.run(["host-command"], { env: [...guest.env, "TERM=xterm", "NO_COLOR=1"] });
      await guest.run(["host-command"], { env: [...guest.env, "TERM=dumb"] });
      expect(calls.slice(1)).toMatchObject([{ colours: false }, { colours: false }]);
    });

    it("writes both streams, each piece when it comes, however they are cut", async () => {
      const random = new Random(11);
      const pieces = Array.from({ length: 60 }, () => random.bytes(random.below(20_000)));
      let wrote: () => void = () => undefined;
      const first = new Promise<void>((resolve) => {
        wrote = resolve;
      });
      guest.control.onRequest(
        "host-command",
        hostCommand(async ({ stdout, stderr }) => {
          stdout("begins\n");
          await first;
          for (const [index, bytes] of pieces.entries()) (index % 2 ? stderr : stdout)(bytes);
          return 0;
        }),
      );
      const running = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
      const { exit } = guest.control.exec(
        { argv: ["host-command"], env: guest.env },
        {
          onStdout: (bytes) => {
            running.stdout.push(bytes.slice());
            wrote();
          },
          onStderr: (bytes) => running.stderr.push(bytes.slice()),
        },
      );
      expect(await exit).toMatchObject({ kind: "exited", code: 0 });
      const begin = new TextEncoder().encode("begins\n");
      const [even, odd] = [0, 1].map((rest) => pieces.filter((_, index) => index % 2 === rest));
      expectSameBytes(Buffer.concat(running.stdout), Buffer.concat([begin, ...(even ?? [])]));
      expectSameBytes(Buffer.concat(running.stderr), Buffer.concat(odd ?? []));
    });

    it("keeps the order of both streams where they go to one place", async () => {
      guest.control.onRequest(
        "host-command",
        hostCommand(({ stdout, stderr }) => {
          for (let i = 0; i < 100; i++) (i % 3 ? stdout : stderr)(`${i}\n`);
          return 0;
        }),
      );
      const numbers = Array.from({ length: 100 }, (_, index) => `${index}\n`).join("");
      expect(await guest.sh("host-command 2>&1")).toBe(numbers);
    });

    it("is gone for the host when it is interrupted, in the middle of its output", async () => {
      let gone: () => void = () => undefined;
      const left = new Promise<void>((resolve) => {
        gone = resolve;
      });
      guest.control.onRequest(
        "host-command",
        hostCommand(({ signal, stdout }) => {
          stdout(new Uint8Array(MEGABYTE));
          signal.addEventListener("abort", () => gone());
          return new Promise(() => undefined);
        }),
      );
      expect(await guest.sh("timeout -s INT 0.2 host-command >/dev/null; echo $?")).toBe("124\n");
      await left;
    });

    it("reports a handler that fails, and a request that is no command", async () => {
      guest.control.onRequest(
        "host-command",
        hostCommand(() => Promise.reject(new Error("this went wrong"))),
      );
      const failed = await guest.run(["host-command"]);
      expect(failed.exit).toMatchObject({ code: 1 });
      expect(text(failed.stderr)).toBe("host-command: this went wrong\n");
      // As a program would ask that is no command, with kspace-call.
      const bare = await guest.run(["kspace-call", "host-command"]);
      expect(bare.exit).toMatchObject({ code: 2 });
    });
  });

  describe("on a bad line", () => {
    async function withGuest(
      options: NativeOptions & { readonly native?: NativeAgent },
      test: (guest: NativeGuest) => Promise<void>,
    ): Promise<void> {
      const guest = new NativeGuest(options.native ?? native, options);
      try {
        await guest.control.connect();
        await test(guest);
      } finally {
        await guest.close();
      }
      // It may complain that this computer does not let it raise its priority.
      expect(guest.complaints).not.toMatch(/Sanitizer|runtime error/);
    }

    async function exchange(guest: NativeGuest, seed: number, bytes: number): Promise<void> {
      const input = new Random(seed).bytes(bytes);
      const [cat, pings, sh] = await Promise.all([
        guest.run(["cat"], { stdin: input }),
        Promise.all(Array.from({ length: 10 }, () => guest.control.ping())),
        guest.sh("seq 5000; exit 3"),
      ]);
      expectSameBytes(cat.stdout, input);
      expect(pings).toHaveLength(10);
      expect(sh.split("\n")).toHaveLength(5001);
    }

    it.each([1, 2, 3])("repairs noise in both directions (seed %i)", async (seed) => {
      await withGuest({}, async (guest) => {
        const random = new Random(seed);
        guest.noiseToHost = randomNoise(random, 8);
        guest.noiseToGuest = randomNoise(random, 12);
        await exchange(guest, seed, 100_000);
      });
    });

    /** The agent's terminal, which it reserves for itself and for CAP_SYS_ADMIN (tty_open). */
    async function terminalOf(guest: NativeGuest, skip: (why: string) => never): Promise<string> {
      const tty = (await guest.sh("readlink /proc/$PPID/fd/* | grep -m1 /dev/pts/")).trim();
      const { exit } = await guest.run(["sh", "-c", `: > ${tty}`]);
      if (exit.kind !== "exited" || exit.code !== 0) skip("no right to disturb the terminal");
      return tty;
    }

    it("is not disturbed by a program that writes to the terminal", async ({ skip }) => {
      await withGuest({ terminal: true }, async (guest) => {
        const tty = await terminalOf(guest, skip);
        const script = `for i in $(seq 300); do echo junk~$i~} > ${tty}; done`;
        const junk = guest.run(["sh", "-c", script]);
        await exchange(guest, 4, 500_000);
        expect(text((await junk).stderr)).toBe("");
      });
    });

    it("makes the terminal raw again when somebody changes it", async ({ skip }) => {
      await withGuest({ terminal: true }, async (guest) => {
        const tty = await terminalOf(guest, skip);
        await guest.run(["stty", "-F", tty, "sane"]);
        await exchange(guest, 5, 20_000);
      });
    });

    it("begins a new session from any state, again and again", async () => {
      await withGuest({}, async (guest) => {
        const random = new Random(6);
        for (let round = 0; round < 30; round++) {
          const running = guest.control.exec(
            { argv: ["cat"], env: guest.env },
            { stdin: random.bytes(200_000) },
          );
          await new Promise((resolve) => setTimeout(resolve, random.below(8)));
          await guest.control.connect();
          await expect(running.exit).rejects.toMatchObject({ code: "reset" });
        }
        await exchange(guest, 6, 50_000);
      });
    });

    it("answers a host that comes anew while the agent is in an old session", async () => {
      await withGuest({}, async (guest) => {
        const { stdin, stdout } = guest.child;
        const emitter = new Emitter<Uint8Array>();
        stdout?.on("data", emitter.emit.bind(emitter));
        const second = new ControlLine(
          { write: (bytes) => void stdin?.write(bytes.slice()), onOutput: emitter.on },
          hostTimers(),
        );
        guest.control[Symbol.dispose]();
        expect((await second.connect()).pid).toBe(guest.child.pid);
        expect(await second.ping()).toBeGreaterThan(0);
        second[Symbol.dispose]();
      });
    });

    it("kills what runs when the line ends", async () => {
      const guest = new NativeGuest(native);
      await guest.control.connect();
      const pid = await guest.control.exec({ argv: ["sleep", "60"], env: guest.env }).pid;
      await guest.close();
      await expect.poll(() => isRunning(pid)).toBe(false);
    });

    it("finds no error of memory or undefined behaviour under sanitizers", async () => {
      const sanitized = await compileAgent({ sanitize: true });
      try {
        await withGuest({ native: sanitized }, async (guest) => {
          await sendNonsense(guest);
          await guest.control.connect();
          guest.control.onRequest("echo", ({ payload }) => ({ payload }));
          const random = new Random(9);
          guest.noiseToHost = randomNoise(random, 10);
          guest.noiseToGuest = randomNoise(random, 10);
          await exchange(guest, 9, 60_000);
          const stdin = random.bytes(50_000);
          const call = await guest.run(["kspace-call", "-i", "echo"], { stdin });
          expectSameBytes(call.stdout, stdin);
          const repeat = hostCommand(({ stdout, stderr }) => {
            for (const write of [stdout, stderr]) write(stdin);
            return 0;
          });
          guest.control.onRequest("host-command", repeat);
          const command = await guest.run(["host-command", "é"]);
          expectSameBytes(command.stdout, stdin);
          expectSameBytes(command.stderr, stdin);
          expect((await guest.run(["no-such-program"])).exit.kind).toBe("failed-to-start");
          await guest.control.connect();
          await exchange(guest, 10, 20_000);
        });
      } finally {
        await sanitized.remove();
      }
    });
  });
});

/**
 * Sound frames of a session of their own, with messages that no host would send: of any type,
 * cut short, for commands that do not exist, and requests with wrong lengths.
 */
async function sendNonsense(guest: NativeGuest): Promise<void> {
  const random = new Random(13);
  const send = (frame: Uint8Array): void => void guest.child.stdin?.write(encodeFrame(frame));
  guest.control.reset();
  send(helloFrame(1));
  for (let sequence = 0; sequence < 3000; sequence++) {
    const message = random.bytes(1 + random.below(80));
    message[0] = random.below(12);
    // Few ids, so that parts of requests meet.
    message.fill(0, 2, 5);
    if (message.length > 1) message[1] = random.below(4);
    if (random.below(2) === 0) message.fill(0, 5, 9);
    send(dataFrame(sequence, random.below(4), message));
    // Any frame but HELLO, which would begin another session.
    const other = random.bytes(1 + random.below(10));
    if (random.below(10) === 0 && other[0] !== FrameKind.hello) send(other);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** A killed process may stay as a zombie, state Z, where process 1 does not wait for it. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}
