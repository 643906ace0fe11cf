/** Unmodified i386 programs do in the engine, in compatibility mode, what they do on a processor. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "../build/compile-engine.js";
import { readBusybox, readCourseTest, tinyProgram } from "./test-support/i386-programs.js";
import { UserProgram } from "./user-program.js";

const BUDGET = 2_000_000_000;

const busybox = readBusybox();
const courseTest = readCourseTest();
let module: WebAssembly.Module;
let folder: string;
/** A kernel may be built without CONFIG_IA32_EMULATION. */
let isNative = false;

beforeAll(async () => {
  module = await compiledEngine();
  folder = mkdtempSync(join(tmpdir(), "kspace-i386-"));
  writeFileSync(join(folder, "busybox"), busybox, { mode: 0o755 });
  writeFileSync(join(folder, "course"), courseTest, { mode: 0o755 });
  const canTry = process.platform === "linux" && process.arch === "x64";
  isNative = canTry && runNatively("busybox", ["true"], new Uint8Array()).status === 0;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Code alone, natively, where that can be. */
function runCodeNatively(code: readonly number[]) {
  writeFileSync(join(folder, "tiny"), tinyProgram(code), { mode: 0o755 });
  return runNatively("tiny", [], none);
}

function runNatively(name: string, args: readonly string[], stdin: Uint8Array) {
  const options = { argv0: name, cwd: folder, env: {}, input: stdin, maxBuffer: 2 ** 26 };
  return spawnSync(join(folder, name), args, options);
}

async function run(
  file: Uint8Array,
  argv: readonly string[],
  stdin: Uint8Array,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
) {
  const program = await UserProgram.load(module, file, { argv, stdin, files });
  return { program, end: program.run(BUDGET) };
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const none = new Uint8Array();
/** Bytes of all values, some more than others: what does not depend on how the images are made. */
const binary = Uint8Array.from({ length: 200_000 }, (_, at) => (at * at + (at >> 5)) % 251);
const lines = new TextEncoder().encode(
  Array.from({ length: 2000 }, (_, line) => {
    const number = (line * 7919) % 10_007;
    return `${number} word${number % 37} ${(number / 7).toFixed(3)}\n`;
  }).join(""),
);

const AWK = `{ count[$2]++; sum[$2] += $3; square += $1 * $1 }
END {
  for (word in count) printf "%s %d %.4f\\n", word, count[word], sum[word] / count[word]
  printf "%d %.10g %.6f %.6f\\n", square, square / 7, sin(1) + exp(2), log(3) ^ 0.5
}`;
const SHELL = `
fib() { a=0; b=1; i=0; while [ $i -lt $1 ]; do t=$((a + b)); a=$b; b=$t; i=$((i + 1)); done; echo $a; }
fib 80
x=abc.def.ghi; echo \${x%%.*} \${x#*.} \${#x}
n=0; while read -r number word rest; do n=$((n * 3 + number)); done; echo $n
exit 7
`;
const BC = "scale = 40\n4 * a(1)\ne(1)\n2 ^ 200\nsqrt(2)\n";

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  /** Of what `runNatively` wrote on an AMD EPYC (Zen 5) under Linux 6. */
  readonly sha256: string;
  readonly status?: number;
}

const cases: readonly Case[] = [
  {
    name: "sha256sum",
    args: ["sha256sum"],
    stdin: binary,
    sha256: "ab65c79d703fe59cb686001b597080478343de1024e9a22011a3bee7022bceb3",
  },
  {
    name: "sha512sum",
    args: ["sha512sum"],
    stdin: binary,
    sha256: "e2e2e5807e17f2e694e5a37ea92d362ab025a9959115c4185d4cdbbf0b060815",
  },
  {
    name: "awk",
    args: ["awk", AWK],
    stdin: lines,
    sha256: "88702dbf762d86adbeb85184df5223334b6f0bb60d4bdc5c3635170d2745302a",
  },
  {
    name: "sort",
    args: ["sort", "-k2,2", "-k1,1nr"],
    stdin: lines.slice(0, 10_000),
    sha256: "bded91b9c9098c3fbcb1927ef84c4a92ff3b09257fecc2713a33de4c9f19c021",
  },
  {
    name: "wc",
    args: ["wc"],
    stdin: lines,
    sha256: "1205326631adf6b117765adb83874cf4f1fe34036e92c3076bcd1ea912bccc1b",
  },
  {
    name: "cat",
    args: ["cat"],
    stdin: binary,
    sha256: "4f9fd770c6dab5fb96c20c85a6590003fd274432a3b67574b17015833513f7db",
  },
  {
    name: "echo",
    args: ["echo", "-e", "one\\ttwo"],
    stdin: none,
    sha256: "088828bb7c54e8b2919f9732df3ae5d9ccc5cb8eb2b5093fc1afea95d4f579b6",
  },
  {
    name: "gzip -9",
    args: ["gzip", "-9", "-c"],
    stdin: binary.slice(0, 60_000),
    sha256: "a36bcc20f8501280f10db6e72f2ab36c51b99a8273ec979fe1805a0ef8e8a328",
  },
  {
    name: "sed",
    args: ["sed", "-E", "s/([0-9]+) word(.)/\\2:\\1/; /99/d"],
    stdin: lines,
    sha256: "753b21d989d12b7479bb600d83b41480bc9f35bd3487517836c09f1ef801b68e",
  },
  {
    name: "bc -l",
    args: ["bc", "-l"],
    stdin: new TextEncoder().encode(BC),
    sha256: "67638b563835cefc1d807d2e2e247696070f15f504bc16546dd81357a17113bc",
  },
  {
    name: "sh",
    args: ["sh", "-c", SHELL],
    stdin: lines,
    sha256: "d15b8df149e2e1ea3beb14c5d7fbbf2db81830e634a4b809639b3cba44087ce3",
    status: 7,
  },
];

describe.each(cases)("busybox $name", ({ args, stdin, sha256: recorded, status = 0 }) => {
  it("writes what it writes natively", async () => {
    const { program, end } = await run(busybox, ["busybox", ...args], stdin);
    expect(text(program.stderr)).toBe("");
    expect(end).toEqual({ outcome: "exited", status });
    expect(sha256(program.stdout)).toBe(recorded);
    if (!isNative) return;
    const native = runNatively("busybox", args, stdin);
    expect(sha256(native.stdout)).toBe(sha256(program.stdout));
    expect(native.status).toBe(status);
  });
});

describe("files and time", () => {
  const files = new Map([["/data/lines.txt", lines]]);
  const applet = async (...args: string[]) => {
    const { program, end } = await run(busybox, ["busybox", ...args], none, files);
    expect(end).toEqual({ outcome: "exited", status: 0 });
    return program;
  };

  it("a file has its size and its kind", async () => {
    const { stdout } = await applet("stat", "-c", "%s %F %u %h", "/data/lines.txt");
    expect(text(stdout)).toBe(`${lines.length} regular file 1000 1\n`);
  });

  it("a file is read from where a seek went", async () => {
    const { stdout } = await applet("dd", "if=/data/lines.txt", "bs=7", "skip=300", "count=2");
    expect(stdout).toEqual(lines.slice(2100, 2114));
  });

  it("a file is compressed in its place", async () => {
    const { files: after } = await applet("gzip", "-9", "/data/lines.txt");
    expect([...after.keys()]).toEqual(["/data/lines.txt.gz"]);
    const compressed = after.get("/data/lines.txt.gz") ?? none;
    expect(new Uint8Array(gunzipSync(compressed))).toEqual(lines);
  });

  it("it is the harness's day", async () => {
    const { stdout } = await applet("date", "-u", "+%Y-%m-%d");
    expect(text(stdout)).toBe("2024-01-01\n");
  });
});

it("a program ends by the signal that it sends to itself", async () => {
  const { end } = await run(busybox, ["busybox", "sh", "-c", "kill -SEGV $$"], none);
  expect(end).toEqual({ outcome: "killed", signal: 11 });
});

it("a program can be run on in pieces, and does the same", async () => {
  const options = { argv: ["busybox", "bc", "-l"], stdin: new TextEncoder().encode(BC) };
  const whole = await UserProgram.load(module, busybox, options);
  whole.run(BUDGET);
  const pieces = await UserProgram.load(module, busybox, options);
  let end = pieces.run(10_007);
  expect(pieces.instructions).toBe(10_007);
  while (end.outcome === "unfinished") end = pieces.run(10_007);
  expect(end).toEqual({ outcome: "exited", status: 0 });
  expect(pieces.stdout).toEqual(whole.stdout);
  expect(pieces.instructions).toBe(whole.instructions);
});

/** `mov eax, 1`, and INT 0x80, here with a prefix that means nothing: exit(EBX). */
const EXIT = [0xb8, 1, 0, 0, 0, 0x66, 0xcd, 0x80];

/** `mov ebx, ...`, with what Linux has there: arch/x86/include/asm/segment.h. */
const selectors = [
  ["CS", [0x8c, 0xcb], 0x23],
  ["SS", [0x8c, 0xd3], 0x2b],
  ["DS", [0x8c, 0xdb], 0x2b],
  ["ES", [0x8c, 0xc3], 0x2b],
  ["FS", [0x8c, 0xe3], 0],
  ["GS", [0x8c, 0xeb], 0],
] as const;

it.each(selectors)("a program begins with %s as Linux has it", async (_name, code, selector) => {
  const { end } = await run(tinyProgram([...code, ...EXIT]), ["tiny"], none);
  expect(end).toEqual({ outcome: "exited", status: selector });
  if (isNative) expect(runCodeNatively([...code, ...EXIT]).status).toBe(selector);
});

const signals = [
  ["int3", [0xcc], 5, "SIGTRAP"],
  ["ud2", [0x0f, 0x0b], 4, "SIGILL"],
  ["hlt", [0xf4], 11, "SIGSEGV"],
  ["int 0x81", [0xcd, 0x81], 11, "SIGSEGV"],
  ["a division by zero", [0x31, 0xc9, 0xf7, 0xf1], 8, "SIGFPE"],
  ["a read at 0", [0x31, 0xc9, 0x8b, 0x01], 11, "SIGSEGV"],
  ["a segment that is not there", [0xb9, 0x73, 0, 0, 0, 0x8e, 0xe9], 11, "SIGSEGV"],
] as const;

it.each(signals)("%s ends a program", async (_name, code, signal, name) => {
  const { end } = await run(tinyProgram(code), ["tiny"], none);
  expect(end).toMatchObject({ outcome: "killed", signal });
  if (isNative) expect(runCodeNatively(code).signal).toBe(name);
});

describe("the course's test program", () => {
  it("says that there is no device", async () => {
    const { program, end } = await run(courseTest, ["course"], none);
    expect(end).toEqual({ outcome: "exited", status: 1 });
    expect(text(program.stderr)).toBe("open /dev/hello: No such file or directory\n");
    expect(program.unknownCalls).toEqual([]);
    if (!isNative) return;
    expect(runNatively("course", [], none)).toMatchObject({
      status: 1,
      stdout: Buffer.from(program.stdout),
      stderr: Buffer.from(program.stderr),
    });
  });

  it("writes, and finds that a file is no device", async () => {
    // Behind what was written, a file has nothing to read.
    const files = new Map([["/dev/hello", none]]);
    const { program, end } = await run(courseTest, ["course"], none, files);
    expect(end).toEqual({ outcome: "exited", status: 1 });
    expect(text(program.stdout)).toBe("wrote 6 bytes\n");
    expect(text(program.stderr)).toBe("read 0 bytes, and they are not what was written\n");
    expect(text(program.files.get("/dev/hello"))).toBe("hello\0");
  });
});
