/**
 * `npm run bench`: how long the things take that a user waits for, as the median of several
 * runs, and the same kernel's boot and loops under QEMU's translator beside them; then how fast
 * reports are found in a long log, how long modules and programs take to build beside Debian's
 * clang-16, how the page does in a browser, and how many instructions the x86-64 engine executes
 * in a second beside this machine's processor and QEMU. Absolute times vary with the machine; the ratios
 * of one run are what to compare.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { StoppedKernel } from "../guest/index.js";
import { readKernel } from "../guest/test-support/kernel-types.js";
import type { Lab } from "../lab/index.js";
import { COMMAND_LINE } from "../lab/parts.js";
import { IMAGES_FOLDER } from "../node/image-source.js";
import { bootLab } from "../node/index.js";
import { benchPage } from "./browser/page-bench.js";
import { printPageBench } from "./browser/page-table.js";
import { printBuildBench } from "./build/build-table.js";
import { benchBuilds } from "./build/node-builds.js";
import { type LogThroughput, measureLogThroughput } from "./log-throughput.js";
import { median } from "./median.js";
import { Qemu, qemuIsInstalled } from "./qemu.js";
import { Typist } from "./typist.js";
import { benchX64 } from "./x64/x64-bench.js";
import { printX64Bench } from "./x64/x64-table.js";

const LOOP_20000 = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done";
const FORKS_50 = "i=0; while [ $i -lt 50 ]; do i=$((i+1)); /bin/true; done";
const FREEZING_SECTION = "/home/student/3-locking";
const FILE_SECTION = "/home/student/2-fops";

type KernelOf = (machine: Lab["machine"]) => StoppedKernel;

interface Measurement {
  readonly name: string;
  readonly unit: "ms";
  readonly median: number;
  readonly runs: readonly number[];
  /** The same under `qemu-system-i386 -accel tcg`, milliseconds. */
  readonly qemu?: number;
  /** Ours divided by QEMU's. */
  readonly ratio?: number;
}

const PARTS = ["node", "build", "page", "x64"];
const HELP = `usage: npm run bench [-- [--part PART]... [--runs N] [--json FILE]]

  --part PART   only this part, may be repeated: ${PARTS.join(", ")}
  --runs N      how often each thing is measured (5); the median counts
  --json FILE   writes all that was measured to this file, too

The page is measured as it was built last (npm run build).`;

const { values: options } = parseArgs({
  options: {
    json: { type: "string" },
    part: { type: "string", multiple: true, default: PARTS },
    runs: { type: "string", default: "5" },
    help: { type: "boolean", default: false },
  },
});
const runs = Number(options.runs);
if (options.help) {
  console.log(HELP);
  process.exit();
}
const unknown = options.part.find((part) => !PARTS.includes(part));
if (unknown !== undefined) throw new Error(`There is no part ${unknown}.\n${HELP}`);

const samples = new Map<string, number[]>();
const qemuSamples = new Map<string, number[]>();

const node = options.part.includes("node") ? await benchNode() : undefined;
const build = options.part.includes("build") ? await benchBuilds(runs) : undefined;
if (build !== undefined) printBuildBench("Node", build);
const page = options.part.includes("page") ? await benchPage(runs) : undefined;
if (typeof page === "object") printPageBench(page);
else if (page !== undefined) console.log(`\nThe page was not measured: ${page}`);
const x64 = options.part.includes("x64") ? await benchX64(runs) : undefined;
if (x64 !== undefined) printX64Bench(x64);
if (options.json !== undefined) {
  const all = { runs, ...node, build, page, x64 };
  await writeFile(options.json, `${JSON.stringify(all, null, 2)}\n`);
}

async function benchNode() {
  const { of: kernelOf } = await readKernel();
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`run ${run} of ${runs} …\n`);
    await measureColdBoot();
    await measureSnapshotLab(kernelOf);
    if (qemuIsInstalled()) await measureQemu();
  }
  const measurements = [...samples].map(([name, times]) => summarize(name, times));
  print(measurements);
  const logs = measureLogThroughput();
  printLogs(logs);
  return { measurements, logs };
}

async function measureColdBoot(): Promise<void> {
  const start = performance.now();
  let prompt: Promise<void> | undefined;
  await using _lab = await bootLab({
    coldBoot: true,
    onMachine: ({ serial: [terminal] }) => {
      if (terminal === undefined) return;
      const typist = new Typist({ write: () => undefined, onOutput: terminal.onOutput });
      prompt = typist.prompt();
    },
  });
  await prompt;
  record("cold boot to prompt", performance.now() - start);
}

async function measureSnapshotLab(kernelOf: KernelOf): Promise<void> {
  const start = performance.now();
  await using lab = await bootLab();
  await lab.run("/bin/true");
  record("snapshot start to first command answered", performance.now() - start);

  await timed("insmod + test + rmmod", async () => {
    await lab.insmod(`${FILE_SECTION}/hello.ko`);
    await lab.run("./a.out", { cwd: FILE_SECTION });
    await lab.rmmod("hello");
  });
  await timed("checkpoint", () => lab.checkpoint());
  record("stopped kernel read: tasks, modules, log", readingMs(lab, kernelOf(lab.machine)));
  await measureFreeze(lab);

  const terminal = typistAt(lab);
  await terminal.prompt();
  record("shell loop of 20,000 steps, cold", await terminal.time(LOOP_20000));
  record("shell loop of 20,000 steps, warm", await terminal.time(LOOP_20000));
  record("50 forks and execs", await terminal.time(FORKS_50));
}

/** How long it takes to read from outside what the page and gdb show of a kernel. */
function readingMs(lab: Lab, kernel: StoppedKernel): number {
  lab.pause();
  const start = performance.now();
  for (const task of kernel.tasks().items) kernel.stack(task);
  kernel.modules();
  kernel.log();
  const ms = performance.now() - start;
  lab.resume();
  return ms;
}

/** From the system call that freezes to its detection, and from there to an answer. */
async function measureFreeze(lab: Lab): Promise<void> {
  await lab.insmod(`${FREEZING_SECTION}/hello.ko`);
  let wroteAt = 0;
  const result = await lab.run("./a.out", {
    cwd: FREEZING_SECTION,
    onStdout: () => {
      wroteAt = performance.now();
    },
  });
  if (result.outcome !== "frozen") throw new Error(`Section 3 ended as ${result.outcome}.`);
  record("freeze detection", performance.now() - wroteAt);
  await timed("rescue after a freeze", async () => {
    await lab.restore();
    await lab.run("/bin/true");
  });
}

async function measureQemu(): Promise<void> {
  const read = (file: string): Promise<Uint8Array> => readFile(join(IMAGES_FOLDER, "i686", file));
  const start = performance.now();
  using qemu = new Qemu(await read("vmlinuz"), await read("initramfs.cpio.gz"), COMMAND_LINE);
  const typist = new Typist(qemu);
  await typist.prompt();
  recordQemu("cold boot to prompt", performance.now() - start);
  recordQemu("shell loop of 20,000 steps, cold", await typist.time(LOOP_20000));
  recordQemu("shell loop of 20,000 steps, warm", await typist.time(LOOP_20000));
  recordQemu("50 forks and execs", await typist.time(FORKS_50));
}

function typistAt({ terminal }: Lab): Typist {
  const typist = new Typist(terminal);
  terminal.write("\n");
  return typist;
}

async function timed(name: string, body: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await body();
  record(name, performance.now() - start);
}

function record(name: string, ms: number): void {
  append(samples, name, ms);
}

function recordQemu(name: string, ms: number): void {
  append(qemuSamples, name, ms);
}

function append(to: Map<string, number[]>, name: string, ms: number): void {
  const times = to.get(name) ?? [];
  times.push(ms);
  to.set(name, times);
}

function summarize(name: string, times: readonly number[]): Measurement {
  const ours = { name, unit: "ms", median: median(times), runs: times } as const;
  const theirs = qemuSamples.get(name);
  if (theirs === undefined) return ours;
  const qemu = median(theirs);
  return { ...ours, qemu, ratio: ours.median / qemu };
}

function print(rows: readonly Measurement[]): void {
  const cell = (value: number | undefined): string =>
    (value === undefined ? "" : value.toFixed(value < 100 ? 1 : 0)).padStart(9);
  console.log(`${"".padEnd(44)}${"kspace".padStart(9)}${"QEMU".padStart(9)}${"ratio".padStart(9)}`);
  for (const { name, median: ours, qemu, ratio } of rows) {
    const last = ratio === undefined ? "" : ratio.toFixed(2).padStart(9);
    console.log(`${name.padEnd(44)}${cell(ours)}${cell(qemu)}${last}`);
  }
  const compared = rows.some(({ qemu }) => qemu !== undefined);
  console.log(
    `\nMedian of ${runs} runs, milliseconds.${compared ? "" : " QEMU is not installed."}`,
  );
}

function printLogs({ bytes, reports, findMs, splitMs }: LogThroughput): void {
  const megabytes = bytes / 2 ** 20;
  console.log(
    `\nA log of ${megabytes.toFixed(0)} MiB with ${reports} reports: ` +
      `${(megabytes / (findMs / 1000)).toFixed(1)} MiB/s, ` +
      `${(findMs / splitMs).toFixed(1)} times as long as finding the ends of its lines.`,
  );
}
