import { beforeEach, describe, expect, it } from "vitest";
import type { Debuggee } from "./debuggee.js";
import { bytesOf, hexOf, hexOfText } from "./latin1.js";
import { checksum, LARGEST_PACKET } from "./packet.js";
import { GdbServer } from "./server.js";
import { FakeTarget, MEMORY_BYTES, MEMORY_START } from "./test-support/fake-target.js";
import { TestClient, textOf } from "./test-support/gdb-client.js";
import { randomBytes, seededRandom } from "./test-support/random.js";

let target: FakeTarget;
let server: GdbServer;
let client: TestClient;
let killed: boolean;
let resumes: number;

const debuggee: Debuggee = {
  monitorCommands: [
    {
      name: "echo",
      usage: "[WORDS]",
      summary: "says it again",
      run: (argument, print) => print(`${argument}\n`),
    },
    {
      name: "fail",
      usage: "",
      summary: "fails",
      run: () => Promise.reject(new Error("It has failed.")),
    },
  ],
  onResume: () => {
    resumes++;
  },
  onKill: () => {
    killed = true;
  },
};

beforeEach(() => {
  killed = false;
  resumes = 0;
  target = new FakeTarget();
  server = new GdbServer(target, debuggee);
  client = new TestClient(server);
});

/** Where the eight digits of a register begin in a `g` answer of an i386. */
function digitsOf(registers: string, number: number): string {
  return registers.slice(number * 8, number * 8 + 8);
}

describe("a session", () => {
  it("leaves the target alone until there is a packet", async () => {
    client.raw("GET / HTTP/1.1\r\n\r\n+-\x03$g#00");
    expect(await client.receiveByte()).toBe("-");
    expect(target.running).toBe(true);
    await client.ask("?");
    expect(target.running).toBe(false);
  });

  it("acknowledges packets until it is told not to", async () => {
    client.send("qC");
    expect(await client.receiveByte()).toBe("+");
    expect(await client.receive()).toBe("QC1");
    expect(await client.ask("QStartNoAckMode")).toBe("OK");
    client.send("qC");
    expect(await client.receiveByte()).toBe("$");
  });

  it("asks for a damaged packet again, and repeats its own answer", async () => {
    client.raw("$qC#00");
    expect(await client.receiveByte()).toBe("-");
    expect(await client.ask("qC")).toBe("QC1");
    client.raw("-");
    expect(await client.receive()).toBe("QC1");
  });

  it("says what it can do", async () => {
    const features = (await client.ask("qSupported:swbreak+;xmlRegisters=i386")).split(";");
    expect(features).toContain(`PacketSize=${LARGEST_PACKET.toString(16)}`);
    expect(features).toContain("QStartNoAckMode+");
    expect(features).toContain("qXfer:features:read+");
  });

  it("answers with nothing what it does not know", async () => {
    for (const packet of ["vMustReplyEmpty", "Qfoo", "!", "z9,0,1", "Z2,c0000000,4", "", "_"]) {
      expect(await client.ask(packet)).toBe("");
    }
    expect(await client.ask("qXfer:auxv:read::0,100")).toBe("");
  });

  it("serves one debugger at a time", async () => {
    await client.ask("?");
    const second = new TestClient(server);
    await second.served;
    expect(second.closed).toBe(true);
    expect(await client.ask("qC")).toBe("QC1");
    client.hangUp();
    await client.served;
    const third = new TestClient(server);
    expect(await third.ask("qC")).toBe("QC1");
  });
});

describe("registers", () => {
  it("come in the order of the description, those without a value as x", async () => {
    target.registers.set("eax", 0x12345678n);
    const registers = await client.ask("g");
    expect(digitsOf(registers, 0)).toBe("78563412");
    expect(digitsOf(registers, 8)).toBe("000000c0"); // eip
    expect(digitsOf(registers, 10)).toBe("60000000"); // cs
    expect(registers.slice(16 * 8, 16 * 8 + 20)).toBe("x".repeat(20)); // st0
    // 16 and 8 of 32 bits, 8 of 80 bits, and cr0, cr2, cr3, cr4.
    expect(registers).toHaveLength((16 + 8 + 4) * 8 + 8 * 20);
  });

  it("are read and written one by one", async () => {
    expect(await client.ask("P0=efbeadde")).toBe("OK");
    expect(target.registers.get("eax")).toBe(0xdeadbeefn);
    expect(await client.ask("p0")).toBe("efbeadde");
    expect(await client.ask("p8")).toBe("000000c0");
    expect(await client.ask("p10")).toBe("x".repeat(20));
  });

  it("are written all at once, those that did not change left alone", async () => {
    target.registers.set("ebx", 1n);
    const registers = await client.ask("g");
    // cr3 is not to be written, and is not, as it is the same.
    expect(await client.ask(`G${"44332211"}${registers.slice(8)}`)).toBe("OK");
    expect(target.registers.get("eax")).toBe(0x11223344n);
    expect(target.registers.get("ebx")).toBe(1n);
    expect(await client.ask(`G${registers}00`)).toBe("E22");
  });

  it("that do not exist or cannot be written are errors", async () => {
    expect(await client.ask("p99")).toBe("E22");
    expect(await client.ask("P0=12")).toBe("E22");
    expect(await client.ask("P0")).toBe("E22");
    expect(await client.ask("P22=00000000")).toBe("E22"); // cr3
  });

  it("have 64 bits where the machine does", async () => {
    target = new FakeTarget("x86_64", 0xffff_ffff_8100_0000n);
    client = new TestClient(new GdbServer(target, debuggee));
    target.registers.set("r15", 0x0123_4567_89ab_cdefn);
    const registers = await client.ask("g");
    expect(registers.slice(15 * 16, 16 * 16)).toBe("efcdab8967452301");
    expect(registers.slice(16 * 16, 17 * 16)).toBe("00000081ffffffff"); // rip
    expect(await client.ask("mffffffff81000000,2")).toBe("0000");
    expect(await client.ask("qXfer:features:read:target.xml:0,60")).toMatch(/^m<\?xml/);
  });
});

describe("memory", () => {
  it("is read, and less of it where it ends", async () => {
    target.memory.set([1, 2, 3, 4]);
    expect(await client.ask("mc0000000,4")).toBe("01020304");
    const end = (MEMORY_START + BigInt(MEMORY_BYTES) - 2n).toString(16);
    expect(await client.ask(`m${end},100`)).toBe("0000");
    expect(await client.ask("mc0000000,0")).toBe("");
  });

  it("is read in pieces, however much is asked for", async () => {
    expect(await client.ask("mc0000000,ffffffffffff")).toBe("0".repeat(LARGEST_PACKET));
  });

  it("is an error where there is none", async () => {
    expect(await client.ask("m0,4")).toBe("E14");
    expect(await client.ask("M0,1:00")).toBe("E14");
    expect(await client.ask("mffffffffffffffff,ffffffffffffffff")).toBe("E14");
  });

  it("is written in hexadecimal and in binary", async () => {
    expect(await client.ask("Mc0000000,3:0a0b0c")).toBe("OK");
    expect(await client.ask("Xc0000003,4:}\x03}]}\x0a\x00")).toBe("OK");
    expect([...target.memory.subarray(0, 7)]).toEqual([10, 11, 12, 0x23, 0x7d, 0x2a, 0]);
    expect(await client.ask("Xc0000000,0:")).toBe("OK");
  });

  it("is not written in part", async () => {
    const end = (MEMORY_START + BigInt(MEMORY_BYTES) - 1n).toString(16);
    expect(await client.ask(`M${end},2:ffff`)).toBe("E14");
    expect(target.memory.at(-1)).toBe(0);
    for (const packet of ["Mc0000000,2:ff", "Mc0000000,1:f", "Mc0000000", "Xc0000000,1:}", "m,"]) {
      expect(await client.ask(packet)).toBe("E22");
    }
  });
});

describe("breakpoints", () => {
  it("are set and removed, in software and in hardware, also twice", async () => {
    expect(await client.ask("Z0,c0000010,1")).toBe("OK");
    expect(await client.ask("Z0,c0000010,1")).toBe("OK");
    expect(await client.ask("Z1,c0000020,1")).toBe("OK");
    expect(target.breakpoints).toEqual(new Set([0xc0000010n, 0xc0000020n]));
    expect(await client.ask("z0,c0000010,1")).toBe("OK");
    expect(await client.ask("z0,c0000010,1")).toBe("OK");
    expect(target.breakpoints).toEqual(new Set([0xc0000020n]));
  });

  it("that cannot be had are errors, with a text for who takes it", async () => {
    expect(await client.ask("Z0,10,1")).toBe("E14");
    await client.ask("qSupported:error-message+");
    expect(await client.ask("Z0,10,1")).toBe("E.Nothing is mapped there.");
  });

  it("are not without number", async () => {
    for (let offset = 0; offset < 1000; offset++) {
      expect(await client.ask(`Z0,${(MEMORY_START + BigInt(offset)).toString(16)},1`)).toBe("OK");
    }
    expect(await client.ask("Z0,c0008000,1")).toBe("E28");
  });

  it("are gone when the line is", async () => {
    await client.ask("Z0,c0000010,1");
    client.hangUp();
    await client.served;
    expect(target.breakpoints.size).toBe(0);
    expect(target.running).toBe(true);
  });
});

describe("running", () => {
  it("ends at a breakpoint, with the reason that the debugger understands", async () => {
    client.send("c");
    await Promise.resolve();
    target.instructionPointer = 0xc0000123n;
    await untilResumed();
    target.stop({ kind: "breakpoint", hardware: false });
    expect(await client.receive()).toBe(`T05${stopped()}`);
    await client.ask("qSupported:swbreak+;hwbreak+");
    client.send("vCont;c:1");
    await untilResumed();
    target.stop({ kind: "breakpoint", hardware: false });
    expect(await client.receive()).toBe(`T05${stopped()}swbreak:;`);
    client.send("vCont;C05:-1");
    await untilResumed();
    target.stop({ kind: "breakpoint", hardware: true });
    expect(await client.receive()).toBe(`T05${stopped()}hwbreak:;`);
    expect(resumes).toBe(3);
  });

  it("steps", async () => {
    expect(await client.ask("s")).toMatch(/^T05.*08:010000c0;/);
    expect(await client.ask("vCont;s:1;c")).toMatch(/^T05.*08:020000c0;/);
    expect(await client.ask("S05;c0000100")).toMatch(/^T05.*08:010100c0;/);
  });

  it("steps through a range, to its end or a breakpoint in it", async () => {
    expect(await client.ask("vCont;rc0000000,c0000008:1")).toMatch(/^T05.*08:080000c0;/);
    expect(target.steps).toBe(8);
    await client.ask("Z0,c000000c,1");
    expect(await client.ask("vCont;rc0000008,c0000010:1")).toMatch(/^T05.*08:0c0000c0;/);
  });

  it("is interrupted", async () => {
    client.send("c");
    await untilResumed();
    client.raw("\x03");
    expect(await client.receive()).toMatch(/^T02.*thread:1;$/);
    expect(await client.ask("?")).toMatch(/^T02/);
  });

  it("is interrupted in an endless range", async () => {
    client.send("vCont;rc0000000,ffffffff:1");
    while (target.steps < 1000) await hostTurn();
    client.raw("\x03");
    expect(await client.receive()).toMatch(/^T02/);
  });

  it("steps over what takes its time", async () => {
    target.halted = true;
    for (const packet of ["s", "vCont;rc0000000,c0000010:1"]) {
      client.send(packet);
      await untilResumed();
      target.stop({ kind: "stepped" });
      expect(await client.receive()).toMatch(/^T05/);
      client.send(packet);
      await untilResumed();
      client.raw("\x03");
      expect(await client.receive()).toMatch(/^T02/);
    }
  });

  it("does not answer meanwhile, nor take an interrupt afterwards", async () => {
    client.send("c");
    await untilResumed();
    client.send("g");
    client.send("mc0000000,4");
    await hostTurn();
    target.stop({ kind: "signal", signal: 6 });
    expect(await client.receive()).toMatch(/^T06/);
    client.raw("\x03");
    expect(await client.ask("qC")).toBe("QC1");
  });

  it("goes on from another address", async () => {
    client.send("cc0000040");
    await untilResumed();
    expect(target.instructionPointer).toBe(0xc0000040n);
    target.interrupt();
    await client.receive();
    expect(await client.ask("cxyz")).toBe("E22");
    expect(await client.ask("vCont;t")).toBe("E22");
  });

  it("shows text while the target runs, and keeps it until then", async () => {
    await client.ask("?");
    server.print("wrote 6 bytes\n");
    client.send("c");
    expect(textOf(await client.receive())).toBe("wrote 6 bytes\n");
    server.print("ü\n".repeat(3000));
    let text = "";
    while (text.length < 6000) text += Buffer.from(textOf(await client.receive())).toString();
    target.interrupt();
    expect(await client.receive()).toMatch(/^T02/);
  });

  it("is left to itself again when the line drops", async () => {
    client.send("c");
    await untilResumed();
    client.hangUp();
    await client.served;
    expect(target.resumed).toBe(false);
    target.stop({ kind: "interrupted" });
  });
});

describe("processors", () => {
  it("are threads", async () => {
    expect(await client.ask("qfThreadInfo")).toBe("m1");
    expect(await client.ask("qsThreadInfo")).toBe("l");
    expect(await client.ask("qC")).toBe("QC1");
    expect(await client.ask("qThreadExtraInfo,1")).toBe(hexOfText("CPU#0, a.out <7>"));
    expect(await client.ask("qXfer:threads:read::0,1000")).toBe(
      'l<?xml version="1.0"?>\n<threads>\n' +
        '<thread id="1" core="0">CPU#0, a.out &#60;7&#62;</thread>\n</threads>\n',
    );
  });

  it("can be chosen if they exist", async () => {
    for (const packet of ["Hg0", "Hc-1", "Hg1", "T1"]) expect(await client.ask(packet)).toBe("OK");
    for (const packet of ["Hg2", "T7", "Tx", "H"]) expect(await client.ask(packet)).toBe("E03");
  });
});

describe("monitor", () => {
  it("runs a command and shows what it says", async () => {
    expect(await client.monitor("echo  a  b ")).toBe("a  b\n");
    expect(await client.monitor("fail")).toBe("It has failed.\n");
  });

  it("helps", async () => {
    const help = [
      "monitor echo [WORDS]  says it again",
      "monitor fail          fails",
      "monitor help          what this shows",
      "",
    ].join("\n");
    expect(await client.monitor("help")).toBe(help);
    expect(await client.monitor("")).toBe(help);
    expect(await client.monitor("nonsense 1")).toBe(
      `There is no monitor command "nonsense".\n${help}`,
    );
    expect(await client.ask("qRcmd,zz")).toBe("E22");
  });
});

describe("the end", () => {
  it("is a detachment: the target goes on", async () => {
    await client.ask("Z0,c0000010,1");
    expect(await client.ask("D")).toBe("OK");
    await client.served;
    expect({ running: target.running, killed, breakpoints: target.breakpoints.size }).toEqual({
      running: true,
      killed: false,
      breakpoints: 0,
    });
  });

  it("is a kill, also while the target runs", async () => {
    client.send("c");
    await untilResumed();
    client.send("k");
    await client.served;
    expect(killed).toBe(true);
  });
});

describe("a hostile client", () => {
  it("never gets the session to fail", async () => {
    const random = seededRandom(0xbad);
    const names = "?gGmMXpPzZcsCSHTDkqQv!_".split("");
    const words = ["Supported", "Rcmd,", "Xfer:features:read:", "Cont;", "C", "fThreadInfo"];
    const pieces = ["c0000000", ",", ":", ";", "ffffffffffffffffffff", "-1", "=", "}", "1", "x"];
    const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
    for (let round = 0; round < 2000; round++) {
      let packet = pick(names);
      if (/[qQv]/.test(packet)) packet += pick(words);
      while (random() < 0.7) packet += pick(pieces);
      if (random() < 0.1) packet += hexOf(randomBytes(random, 20));
      const resumesIt = /^(?:[csCS]|vCont;)/.test(packet);
      if (random() < 0.3) await hostTurn();
      if (client.closed) {
        await client.served;
        client = new TestClient(server);
      }
      if (random() < 0.05) client.raw(packet);
      else client.send(packet);
      if (resumesIt || random() < 0.1) client.raw("\x03");
      if (random() < 0.02) client.hangUp();
    }
    client.hangUp();
    await client.served;
    expect(target.breakpoints.size).toBe(0);
    const next = new TestClient(server);
    expect(await next.ask("qC")).toBe("QC1");
  });

  it("has its overlong packet refused", async () => {
    const data = "m".repeat(LARGEST_PACKET + 1);
    client.raw(`$${data}#${checksum(data)}`);
    expect(await client.receive()).toBe("E22");
    expect(await client.ask("qC")).toBe("QC1");
  });

  it("is not answered faster than it listens", async () => {
    let takeMore: () => void = () => undefined;
    let sent = 0;
    const packet = bytesOf("$mc0000000,2000#cd");
    const line = {
      input: (async function* () {
        for (let count = 0; count < 1000; count++) yield packet;
      })(),
      write: (bytes: Uint8Array) => {
        sent += bytes.length;
        return new Promise<void>((resolve) => {
          takeMore = resolve;
        });
      },
      close: () => undefined,
    };
    const other = new GdbServer(new FakeTarget(), debuggee);
    const served = other.serve(line);
    await hostTurn();
    expect(sent).toBeLessThan(LARGEST_PACKET * 2);
    for (let count = 0; count < 2100; count++) {
      takeMore();
      await hostTurn();
    }
    await served;
  });
});

/** What every stop reply has: ebp, esp and eip, and the thread. */
function stopped(): string {
  const value = (name: string) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(Number(target.registers.get(name) ?? 0n));
    return bytes.toString("hex");
  };
  // The fake has no ebp and esp.
  return `08:${value("eip")};thread:1;`;
}

function hostTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

async function untilResumed(): Promise<void> {
  for (let turns = 0; turns < 1000 && !target.resumed; turns++) {
    await hostTurn();
  }
  expect(target.resumed).toBe(true);
}
