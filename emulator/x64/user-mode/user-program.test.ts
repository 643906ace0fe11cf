/** Unmodified Linux programs do in the engine what they do on a processor. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "../build/compile-engine.js";
import { type ProgramName, readProgram } from "./test-support/programs.js";
import { type ProgramEnd, type ProgramOptions, UserProgram } from "./user-program.js";

/** The largest program here takes a tenth of it. */
const BUDGET = 2_000_000_000;
const isNative = process.platform === "linux" && process.arch === "x64";

let module: WebAssembly.Module;
let folder: string;

beforeAll(async () => {
  module = await compiledEngine();
  folder = mkdtempSync(join(tmpdir(), "kspace-x64-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly end: ProgramEnd;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly unknownCalls: readonly number[];
}

async function run(
  name: ProgramName,
  args: readonly string[],
  options: Omit<ProgramOptions, "argv"> = {},
): Promise<Outcome> {
  const program = await UserProgram.load(module, readProgram(name), {
    argv: [name, ...args],
    ...options,
  });
  const end = program.run(BUDGET);
  const { stdout, stderr, files, unknownCalls } = program;
  return { end, stdout, stderr, files, unknownCalls };
}

/** The same on this machine's processor, with an empty environment. */
function runNatively(name: ProgramName, args: readonly string[], stdin: Uint8Array) {
  const file = join(folder, name);
  writeFileSync(file, readProgram(name), { mode: 0o755 });
  const options = { argv0: name, cwd: folder, env: {}, input: stdin, maxBuffer: 2 ** 26 };
  return spawnSync(file, args, options);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Code, tables and text: something of everything. */
const binary = readProgram("busybox").slice(0, 300_000);
const lines = new TextEncoder().encode(
  Array.from({ length: 3000 }, (_, line) => {
    const number = (line * 7919) % 10_007;
    return `${number} word${number % 37} ${(number / 7).toFixed(3)}\n`;
  }).join(""),
);

const AWK = `{ count[$2]++; sum[$2] += $3; square += $1 * $1 }
END {
  for (word in count) printf "%s %d %.4f\\n", word, count[word], sum[word] / count[word]
  printf "%d %.10g %s\\n", square, square / 7, substr(sprintf("%c%5.2f|%-8s|%x", 65, 2/3, "ab", 255), 2)
}`;
const BC = `scale = 60
4 * a(1)
e(1)
2 ^ 300
sqrt(2)
define f(n) { if (n < 2) return 1; return n * f(n - 1) }
f(60)
`;
const SHELL = `
fib() { a=0; b=1; i=0; while [ $i -lt $1 ]; do t=$((a + b)); a=$b; b=$t; i=$((i + 1)); done; echo $a; }
fib 80
x=abc.def.ghi; echo \${x%%.*} \${x#*.} \${#x}
case $x in *def*) printf '%05d %x %s\\n' 42 255 yes;; esac
n=0; while read -r number word rest; do n=$((n * 3 + number)); done; echo $n
exit 7
`;

interface Case {
  readonly name: string;
  readonly program: ProgramName;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  /** Of what it wrote on an AMD EPYC (Zen 5) under Linux 6, when `runNatively` ran it. */
  readonly sha256: string;
  readonly status?: number;
}

const none = new Uint8Array();
const busybox = (name: string, sha: string, stdin: Uint8Array, ...args: string[]): Case => ({
  name: `busybox ${name}`,
  program: "busybox",
  args,
  stdin,
  sha256: sha,
});

const cases: readonly Case[] = [
  busybox(
    "sha256sum",
    "cfbf104e71f3deae37b8afea9a6ebd64bc30dea37b6d29e7fd31d66bd2395f99",
    binary,
    "sha256sum",
  ),
  busybox(
    "sha512sum",
    "3a65795caea3688aaea366666264967737aa288a91fe251da9181797f8a0791d",
    binary,
    "sha512sum",
  ),
  busybox(
    "md5sum",
    "34aff42e5e4a7079685a4a5a9e55ed0a549ee6b3b9adcd61332aa30191fe256e",
    binary,
    "md5sum",
  ),
  busybox(
    "gzip -9",
    "985438f9f9c03f8010e0882b8021d6790edec2a411b7d43daf0274a85ebc4b8a",
    binary.slice(0, 100_000),
    "gzip",
    "-9",
    "-c",
  ),
  busybox(
    "gunzip",
    "88e2d08b86fe602309416250a22ec807257927d7f8c9576d6412cf940d3ef216",
    gzipSync(binary),
    "gunzip",
    "-c",
  ),
  busybox(
    "bzip2",
    "75420c239f67256cd1ca4a35e1c7f55041063658750ee8bd68c4ff070a84560d",
    lines,
    "bzip2",
    "-c",
  ),
  busybox(
    "awk",
    "b0ef51f235dfbb3474fe9c2bbd129cd92059c89da9e8d0afba5691da9c4f639a",
    lines,
    "awk",
    AWK,
  ),
  busybox(
    "bc -l",
    "ae0aea80d0a0625b1a2bfd1cedaab31c11facf470dba9f6f3900a04a8b110037",
    new TextEncoder().encode(BC),
    "bc",
    "-l",
  ),
  busybox(
    "sort",
    "5d63a0e705733b78ed86f26f211fdba45ef984700b135862aa676a609afb8d4f",
    lines,
    "sort",
    "-k2,2",
    "-k1,1nr",
  ),
  busybox(
    "sed",
    "268100148a55c7e99d0f8f6f00bf6e421078c0c07fc82646ea5c50be6221c183",
    lines,
    "sed",
    "-E",
    "s/([0-9]+) word(.)/\\2:\\1/; /99/d",
  ),
  busybox(
    "grep",
    "0b4b31a53803cb481714d326341081f8adbdc9f50bea5f1d25ed1b529a5317f6",
    lines,
    "grep",
    "-nE",
    "^(1|2).*word[0-3]+ .*\\.5",
  ),
  busybox(
    "od",
    "5bfd8e112467d2dafa813020da00598d1d8dde93bda0977c2f6cec3174b55044",
    binary.slice(0, 20_000),
    "od",
    "-A",
    "x",
    "-t",
    "x2",
  ),
  busybox(
    "factor",
    "722a6c7929618781bf312a427f3aab234930c5f0883817affea27a755ba5abe4",
    none,
    "factor",
    "600851475143",
    "4611686014132420609",
  ),
  busybox(
    "cal",
    "a58cecb549de44b6610d75d63a2babd550ac178fbbdbdc737bc7756fc24cb102",
    none,
    "cal",
    "2024",
  ),
  {
    ...busybox(
      "sh",
      "92e64fe2e9fba6a5e080534025004e1aee1b59370a9a32835d209398a8da257f",
      lines,
      "sh",
      "-c",
      SHELL,
    ),
    status: 7,
  },
  {
    name: "long-double",
    program: "long-double",
    args: [],
    stdin: none,
    sha256: "324da32d69ccbf0474b99b40dc8b01ce46ef00d59d492b83272698ca34391c21",
  },
];

describe.each(cases)("$name", ({ program, args, stdin, sha256: recorded, status = 0 }) => {
  it("writes what it writes natively", async () => {
    const { end, stdout, stderr } = await run(program, args, { stdin });
    expect(text(stderr)).toBe("");
    expect(end).toEqual({ outcome: "exited", status });
    expect(sha256(stdout)).toBe(recorded);
    if (!isNative) return;
    const native = runNatively(program, args, stdin);
    expect(sha256(native.stdout)).toBe(sha256(stdout));
    expect(native.status).toBe(status);
  });
});

/** With the names that signal(7) has for them. */
const signals = [
  ["divide-by-zero", 8, "SIGFPE"],
  ["overflow-of-quotient", 8, "SIGFPE"],
  ["null-pointer", 11, "SIGSEGV"],
  ["write-to-code", 11, "SIGSEGV"],
  ["run-data", 11, "SIGSEGV"],
  ["not-canonical", 11, "SIGSEGV"],
  ["kernel-address", 11, "SIGSEGV"],
  ["undefined", 4, "SIGILL"],
  ["privileged", 11, "SIGSEGV"],
  ["breakpoint", 5, "SIGTRAP"],
  ["unmapped", 11, "SIGSEGV"],
  ["read-only", 11, "SIGSEGV"],
  ["sse-exception", 8, "SIGFPE"],
  ["x87-exception", 8, "SIGFPE"],
  ["abort", 6, "SIGABRT"],
] as const;

it.each(signals)("%s ends a program by signal %d", async (way, signal, name) => {
  const { end, stdout } = await run("signals", [way]);
  expect(end).toMatchObject({ outcome: "killed", signal });
  expect(text(stdout)).toBe(way === "read-only" ? "1\n" : "");
  if (isNative) expect(runNatively("signals", [way], none).signal).toBe(name);
});

it("a page fault says which address it was, and what was wanted of it", async () => {
  const { end } = await run("signals", ["null-pointer"]);
  // A write by a user to a page that is not there: SDM vol. 3A, 4.7.
  expect(end).toMatchObject({ fault: { vector: 14, error: 6, cr2: 8n } });
});

it("files are read, made and compressed in their places", async () => {
  const files = new Map([["/data/lines.txt", lines]]);
  const { end, files: after } = await run("busybox", ["gzip", "-9", "/data/lines.txt"], { files });
  expect(end).toEqual({ outcome: "exited", status: 0 });
  expect([...after.keys()]).toEqual(["/data/lines.txt.gz"]);
  expect(new Uint8Array(gunzipSync(after.get("/data/lines.txt.gz") ?? none))).toEqual(lines);
});

it("the environment gets to the program", async () => {
  const environment = ["NAME=a value", "EMPTY="];
  const { stdout } = await run("busybox", ["env"], { environment });
  expect(text(stdout)).toBe("NAME=a value\nEMPTY=\n");
});

it("a program that goes on can be run on, and does the same in any pieces", async () => {
  const options = { argv: ["loops", "integer", "2"] };
  const whole = await UserProgram.load(module, readProgram("loops"), options);
  whole.run(BUDGET);
  const pieces = await UserProgram.load(module, readProgram("loops"), options);
  expect(pieces.run(1000)).toEqual({ outcome: "unfinished" });
  expect(pieces.instructions).toBe(1000);
  let end = pieces.run(77_777);
  while (end.outcome === "unfinished") end = pieces.run(77_777);
  expect(pieces.stdout).toEqual(whole.stdout);
  expect(pieces.instructions).toBe(whole.instructions);
});

it("a system call that is not served is named", async () => {
  const { unknownCalls } = await run("busybox", ["true"]);
  // rseq, which glibc tries: syscall_64.tbl.
  expect(unknownCalls).toEqual([334]);
});
