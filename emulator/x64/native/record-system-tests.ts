/**
 * Runs the programs of `system-tests/programs/` in QEMU, and records what happened:
 * `npx tsx emulator/x64/native/record-system-tests.ts [program ...]`. It needs gcc's assembler and
 * linker, and qemu-system-x86_64.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import {
  type HostAction,
  LOG_ADDRESS,
  LOG_BYTES,
  type ProgramOutcome,
  RAM_BYTES,
  type RecordedProgram,
  type Recording,
} from "../system-tests/recording.js";
import { GdbClient } from "./gdb-client.js";
import { hashOfSources, PROGRAMS, programNames } from "./system-program-sources.js";

const recordingFile = fileURLToPath(new URL("../system-tests/recorded.json", import.meta.url));

/**
 * What the engine's CPUID claims, and a maker whose processors do what the engine does where they
 * differ: SYSCALL in 64-bit code only, SYSENTER in long mode.
 */
const PROCESSOR =
  "qemu64,vendor=GenuineIntel,-svm,+smep,+smap,+fsgsbase,+umip,+pdpe1gb,+rdtscp,+sse4.1,+sse4.2,+popcnt";
const LONGEST_MS = 60_000;
/** The folder of programs that QEMU has nothing to say of. */
const BY_HAND = "by-hand/";

interface Built {
  readonly binary: string;
  readonly symbols: ReadonlyMap<string, number>;
}

function build(name: string, folder: string): Built {
  const object = join(folder, `${basename(name)}.o`);
  const elf = join(folder, `${basename(name)}.elf`);
  const binary = join(folder, `${basename(name)}.bin`);
  execFileSync("as", ["--64", "-I", PROGRAMS, "-o", object, join(PROGRAMS, `${name}.s`)]);
  execFileSync("ld", ["-T", join(PROGRAMS, "link.ld"), "-o", elf, object], { stdio: "pipe" });
  execFileSync("objcopy", ["-O", "binary", elf, binary]);
  const lines = execFileSync("nm", [elf], { encoding: "utf8" }).trim().split("\n");
  const symbols = new Map(
    lines.map((line) => {
      const [address, , symbol] = line.split(" ");
      return [symbol ?? "", Number.parseInt(address ?? "", 16)] as const;
    }),
  );
  return { binary, symbols };
}

/** A label `host_nmi...` is where the host asks for an NMI, and `host_interrupt...` an interrupt. */
function actionsOf(symbols: ReadonlyMap<string, number>): HostAction[] {
  return [...symbols].flatMap(([symbol, at]): HostAction[] => {
    if (symbol.startsWith("host_nmi")) return [{ at, asksFor: "nmi" }];
    return symbol.startsWith("host_interrupt") ? [{ at, asksFor: "interrupt" }] : [];
  });
}

function addressOf(built: Built, symbol: string): number {
  const address = built.symbols.get(symbol);
  if (address === undefined) throw new Error(`${built.binary} has no "${symbol}".`);
  return address;
}

async function runInQemu(built: Built, socket: string): Promise<ProgramOutcome> {
  const qemu = spawn(
    "qemu-system-x86_64",
    [
      ...["-accel", "tcg", "-cpu", PROCESSOR, "-m", `${RAM_BYTES >> 20}`, "-nodefaults"],
      ...["-display", "none", "-no-reboot", "-no-shutdown", "-S"],
      ...["-gdb", `unix:${socket},server=on,wait=off`, "-kernel", built.binary],
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  const limit = setTimeout(() => qemu.kill("SIGKILL"), LONGEST_MS);
  try {
    while (!existsSync(socket)) await wait(20);
    const gdb = await GdbClient.connect(socket);
    await gdb.ask("?");
    const done = addressOf(built, "done");
    for (const at of [done, ...actionsOf(built.symbols).map((action) => action.at)]) {
      await gdb.command(`Z1,${at.toString(16)},1`);
    }
    const end = await runToEnd(gdb, done);
    const log = await readLog(gdb);
    gdb.close();
    return { end, log };
  } finally {
    clearTimeout(limit);
    qemu.kill("SIGKILL");
    await once(qemu, "exit");
    rmSync(socket, { force: true });
  }
}

async function runToEnd(gdb: GdbClient, done: number): Promise<string> {
  for (;;) {
    const stop = await gdb.ask("c");
    // A machine that has shut down stops for no breakpoint, with another signal than SIGTRAP.
    if (!stop.startsWith("T05")) return "shutdown";
    const registers = await gdb.ask("g");
    const rip = Number(Buffer.from(registers.slice(16 * 16, 17 * 16), "hex").readBigUInt64LE());
    if (rip === done) return "halt";
    await gdb.command(`z1,${rip.toString(16)},1`);
    await gdb.monitor("nmi");
  }
}

async function readLog(gdb: GdbClient): Promise<string> {
  const bytes = await gdb.readMemory(LOG_ADDRESS, LOG_BYTES / 8);
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 8) words.push(bytes.readBigUInt64LE(at).toString(16));
  while (words.at(-1) === "0") words.pop();
  return words.join(" ");
}

async function record(names: readonly string[]): Promise<void> {
  const known: Recording = existsSync(recordingFile)
    ? (JSON.parse(readFileSync(recordingFile, "utf8")) as Recording)
    : { by: "", programs: {} };
  const recorded: Record<string, RecordedProgram> = { ...known.programs };
  const folder = mkdtempSync(join(tmpdir(), "kspace-system-tests-"));
  try {
    for (const name of names) {
      const built = build(name, folder);
      const image = deflateSync(readFileSync(built.binary), { level: 9 }).toString("base64");
      const outcome = name.startsWith(BY_HAND) ? null : await runInQemu(built, join(folder, "gdb"));
      recorded[name] = {
        sources: hashOfSources(name),
        image,
        start: addressOf(built, "start64"),
        pageMap: addressOf(built, "page_map"),
        actions: actionsOf(built.symbols),
        outcome,
      };
      console.log(`${name}: ${outcome === null ? "not for QEMU" : outcome.end}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const version = execFileSync("qemu-system-x86_64", ["--version"], { encoding: "utf8" });
  const sorted = Object.fromEntries(Object.entries(recorded).sort(([a], [b]) => (a < b ? -1 : 1)));
  const recording: Recording = { by: version.split("\n")[0] ?? "", programs: sorted };
  writeFileSync(recordingFile, `${JSON.stringify(recording, null, 2)}\n`);
}

const wanted = process.argv.slice(2);
await record(wanted.length > 0 ? wanted : programNames());
