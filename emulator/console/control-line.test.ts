import { describe, expect, it } from "vitest";
import { ByteWriter, concatBytes } from "./bytes.js";
import { GuestMessageType, HostMessageType } from "./protocol.js";
import { Random } from "./test-support/random.js";
import { SimulatedGuest } from "./test-support/simulated-guest.js";

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

describe("connect", () => {
  it("greets until it is answered, and says who answered", async () => {
    const guest = new SimulatedGuest();
    guest.agent.ignoreHellos = 4;
    const agent = await guest.timers.until(guest.control.connect());
    expect(agent).toEqual({ version: 1, pid: 77 });
    expect(guest.agent.hellos).toBeGreaterThanOrEqual(5);
    expect(guest.control.connected).toBe(true);
  });

  it("greets at once an agent that has just started", async () => {
    const guest = new SimulatedGuest();
    guest.agent.ignoreHellos = 20;
    const connecting = guest.control.connect();
    await guest.timers.advance(10_050);
    guest.agent.ignoreHellos = 0;
    const start = guest.timers.now();
    guest.agent.restart();
    await guest.timers.until(connecting);
    expect(guest.timers.now() - start).toBeLessThan(10);
  });

  it("refuses an agent of another version", async () => {
    const guest = new SimulatedGuest({ version: 9 });
    await expect(guest.timers.until(guest.control.connect())).rejects.toMatchObject({
      code: "protocol-version",
    });
    expect(guest.control.connected).toBe(false);
  });

  it("can be bounded and aborted", async () => {
    const guest = new SimulatedGuest();
    guest.agent.ignoreHellos = 1000;
    await expect(
      guest.timers.until(guest.control.connect({ timeoutMs: 500 })),
    ).rejects.toMatchObject({ code: "control-line-lost" });

    const abort = new AbortController();
    const connecting = guest.control.connect({ signal: abort.signal });
    abort.abort();
    await expect(connecting).rejects.toMatchObject({ code: "aborted" });
    const hellos = guest.agent.hellos;
    await guest.timers.advance(5000);
    expect(guest.agent.hellos).toBeLessThanOrEqual(hellos + 1);
  });

  it("again begins a new session and ends what ran in the old one", async () => {
    const guest = await SimulatedGuest.connected();
    const command = guest.control.exec({ argv: ["cat"] }, { stdin: "open" });
    await guest.timers.until(command.pid);
    const connecting = guest.control.connect();
    await expect(command.exit).rejects.toMatchObject({ code: "reset" });
    await guest.timers.until(connecting);
    expect(text((await guest.run(["echo", "hello"])).stdout)).toBe("hello");
  });

  it("needs a restart of the agent to be noticed, which rejects what runs", async () => {
    const guest = await SimulatedGuest.connected();
    const command = guest.control.exec({ argv: ["cat"] }, { stdin: "open" });
    await guest.timers.until(command.pid);
    guest.agent.restart();
    await expect(guest.timers.until(command.exit)).rejects.toMatchObject({
      code: "agent-restarted",
    });
    await expect(guest.control.ping()).rejects.toMatchObject({ code: "not-connected" });
    await guest.timers.until(guest.control.connect());
    expect(await guest.timers.until(guest.control.ping())).toBeGreaterThan(0);
  });
});

describe("exec", () => {
  it("tells process id, output, exit and usage", async () => {
    const guest = await SimulatedGuest.connected();
    const command = guest.control.exec({ argv: ["echo", "hi"] });
    expect(await guest.timers.until(command.pid)).toBe(1001);
    expect(await guest.timers.until(command.exit)).toEqual({
      kind: "exited",
      code: 0,
      usage: { userMs: 1.5, systemMs: 0.5, maxRssKiB: 640 },
    });
  });

  it("names errno and step when the program does not start", async () => {
    const guest = await SimulatedGuest.connected();
    const command = guest.control.exec({ argv: ["missing"] });
    expect(await guest.timers.until(command.exit)).toEqual({
      kind: "failed-to-start",
      errno: "ENOENT",
      step: "execve",
    });
    await expect(command.pid).rejects.toMatchObject({ code: "refused" });
  });

  it("kills by name, also before the request is out", async () => {
    const guest = await SimulatedGuest.connected();
    const command = guest.control.exec({ argv: ["hang", "x".repeat(20_000)] });
    command.kill("SIGTERM");
    expect(await guest.timers.until(command.exit)).toMatchObject({
      kind: "signaled",
      signal: "SIGTERM",
      coreDumped: false,
    });
  });

  it("takes a long request in parts, and a longer one not at all", async () => {
    const guest = await SimulatedGuest.connected();
    const long = "y".repeat(100_000);
    expect(text((await guest.run(["echo", long])).stdout)).toBe(long);
    await expect(guest.run(["echo", "y".repeat(200_000)])).rejects.toMatchObject({
      code: "bad-request",
    });
  });

  it.each([
    ["no program", []],
    ["a NUL", ["echo", "a\0b"]],
  ])("refuses %s", async (_, argv) => {
    const guest = await SimulatedGuest.connected();
    await expect(guest.run(argv)).rejects.toMatchObject({ code: "bad-request" });
  });

  it("sends no more standard input than there is credit for", async () => {
    const guest = await SimulatedGuest.connected();
    const input = new Random(3).bytes(300_000);
    const command = guest.control.exec({ argv: ["hang"] }, { stdin: input });
    await guest.timers.advance(5000);
    const data = guest.agent.heard.filter((type) => type === HostMessageType.stdin);
    expect(data).toHaveLength(16);
    command.kill();
    await guest.timers.until(command.exit);
  });

  it("reads standard input from an iterable no faster than the guest does, and stops it", async () => {
    const guest = await SimulatedGuest.connected();
    let produced = 0;
    let stopped = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          produced += 8192;
          yield new Uint8Array(8192);
        }
      } finally {
        stopped = true;
      }
    }
    const command = guest.control.exec({ argv: ["hang"] }, { stdin: source() });
    await guest.timers.advance(5000);
    expect(produced).toBeLessThan(120_000);
    command.kill();
    await guest.timers.until(command.exit);
    await guest.timers.advance(1);
    expect(stopped).toBe(true);
  });

  it("rejects with the error of a failing source or callback, and kills the command", async () => {
    const guest = await SimulatedGuest.connected();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new Error("the source broke");
    }
    await expect(guest.run(["cat"], { stdin: broken() })).rejects.toThrow("the source broke");
    const onStdout = (): void => {
      throw new Error("the callback broke");
    };
    await expect(guest.run(["flood", "5000"], { onStdout })).rejects.toThrow("the callback broke");
    await guest.timers.advance(100);
    expect(guest.agent.heard).toContain(HostMessageType.signal);
    expect(text((await guest.run(["echo", "fine"])).stdout)).toBe("fine");
  });

  it("takes written input until its end", async () => {
    const guest = await SimulatedGuest.connected();
    const chunks: Uint8Array[] = [];
    const command = guest.control.exec(
      { argv: ["cat"] },
      { stdin: "open", onStdout: (bytes) => chunks.push(bytes) },
    );
    await command.writeStdin(new TextEncoder().encode("one "));
    await command.writeStdin(new TextEncoder().encode("two"));
    command.endStdin();
    expect(await guest.timers.until(command.exit)).toMatchObject({ kind: "exited" });
    expect(text(concatBytes(chunks))).toBe("one two");
  });

  it("rejects at once when it is aborted, and hands out no more output", async () => {
    const guest = await SimulatedGuest.connected();
    const abort = new AbortController();
    let output = 0;
    const command = guest.control.exec(
      { argv: ["cat"] },
      {
        stdin: new Uint8Array(200_000),
        signal: abort.signal,
        onStdout: (bytes) => {
          output += bytes.length;
        },
      },
    );
    await guest.timers.until(command.pid);
    await guest.timers.advance(50);
    abort.abort(new Error("enough"));
    const before = output;
    await expect(command.exit).rejects.toMatchObject({
      code: "aborted",
      cause: { message: "enough" },
    });
    await guest.timers.advance(1000);
    expect(output).toBe(before);
    expect(guest.agent.heard).toContain(HostMessageType.signal);

    const late = guest.control.exec({ argv: ["echo", "x"] }, { signal: abort.signal });
    await expect(late.exit).rejects.toMatchObject({ code: "aborted" });
  });

  it("lets a ping through a flood", async () => {
    const guest = await SimulatedGuest.connected();
    const command = guest.control.exec({ argv: ["cat"] }, { stdin: new Uint8Array(500_000) });
    await guest.timers.until(command.pid);
    expect(await guest.timers.until(guest.control.ping())).toBeLessThan(20);
    command.kill();
    await guest.timers.until(command.exit);
  });
});

describe("reset and dispose", () => {
  it("settle every promise that is open", async () => {
    for (const [end, code] of [
      ["reset", "reset"],
      ["dispose", "closed"],
    ] as const) {
      const guest = await SimulatedGuest.connected();
      const command = guest.control.exec({ argv: ["cat"] }, { stdin: "open" });
      const open = [command.pid, command.exit, guest.control.ping(), guest.control.setTime(0)];
      const writing = command.writeStdin(new Uint8Array(1_000_000));
      if (end === "reset") guest.control.reset();
      else guest.control[Symbol.dispose]();
      for (const promise of open) await expect(promise).rejects.toMatchObject({ code });
      await writing;
    }
  });

  it("leave a closed line closed", async () => {
    const guest = await SimulatedGuest.connected();
    guest.control[Symbol.dispose]();
    const closed = { code: "closed" };
    await expect(guest.control.connect()).rejects.toMatchObject(closed);
    await expect(guest.control.ping()).rejects.toMatchObject(closed);
    await expect(guest.control.exec({ argv: ["x"] }).exit).rejects.toMatchObject(closed);
  });

  it("end a connect that is under way", async () => {
    const guest = new SimulatedGuest();
    guest.agent.ignoreHellos = 100;
    const connecting = guest.control.connect();
    guest.control.reset();
    await expect(connecting).rejects.toMatchObject({ code: "reset" });
  });
});

describe("requests of the guest", () => {
  function call(guest: SimulatedGuest, id: number, strings: string[], payload = ""): void {
    const { agent } = guest;
    const message = (type: number): ByteWriter => new ByteWriter(1000).u8(type).u32(id);
    const names = new TextEncoder().encode(strings.map((each) => `${each}\0`).join(""));
    agent.send(message(GuestMessageType.call).u32(5).u32(1000).u32(100));
    agent.send(message(GuestMessageType.callData).u16(strings.length).bytes(names));
    agent.send(message(GuestMessageType.callData).bytes(new TextEncoder().encode(payload)));
    agent.send(message(GuestMessageType.callEnd));
  }

  it("reach their handler with all that was said", async () => {
    const guest = await SimulatedGuest.connected();
    const seen = new Promise((resolve) => {
      guest.control.onRequest("compile", (request) => {
        const { name, args, caller } = request;
        resolve({ name, args, caller, payload: text(request.payload) });
        return { status: 3 };
      });
    });
    call(guest, 1, ["compile", "-o", "a b"], "source");
    expect(await guest.timers.until(seen)).toEqual({
      name: "compile",
      args: ["-o", "a b"],
      payload: "source",
      caller: { pid: 5, uid: 1000, gid: 100 },
    });
    await guest.timers.advance(10);
    expect(guest.agent.heard).toContain(HostMessageType.replyEnd);
  });

  it("abort their handler when the caller leaves or the line is reset", async () => {
    const guest = await SimulatedGuest.connected();
    const signals: AbortSignal[] = [];
    guest.control.onRequest("wait", ({ signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    call(guest, 1, ["wait"]);
    call(guest, 2, ["wait"]);
    await guest.timers.advance(10);
    guest.agent.send(new ByteWriter(5).u8(GuestMessageType.callGone).u32(1));
    await guest.timers.advance(10);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    guest.control.reset();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});
