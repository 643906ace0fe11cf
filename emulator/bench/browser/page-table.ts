import { availableParallelism } from "node:os";
import { median } from "../median.js";
import type { LongestTask } from "./main-thread-trace.js";
import type { PageBench } from "./page-bench.js";

/** A row of the table: what was measured, and what it should be at most. */
interface Row {
  readonly name: string;
  readonly values: readonly number[];
  /** Absent where the guest has a part in it. */
  readonly target?: number;
  readonly unit: string;
  /** What else is worth knowing. */
  readonly note?: string;
}

const MEGABYTE = 1e6;
const LONG_TASK_MS = 50;
const ECHO_MS = 50;
const FIRST_BUILD_MS = 4000;
/** On a machine where clang-16 takes 0.2 s: the part `build` measures what it takes here. */
const WARM_BUILD_MS = 800;

export function printPageBench(bench: PageBench): void {
  const [before, after] = bench.loadAverage;
  console.log(
    `\n${"The page, in Chromium".padEnd(44)}${"median".padStart(12)}${"spread".padStart(16)}` +
      `${"at most".padStart(12)}`,
  );
  for (const { name, values, target, unit, note } of rowsOf(bench)) {
    const value = median(values);
    const spread = `${format(Math.min(...values), unit)}–${format(Math.max(...values), unit)}`;
    const most = target === undefined ? "" : `${format(target, unit)} ${unit}`;
    const verdict = target === undefined || value <= target ? "" : "  over";
    console.log(
      name.padEnd(44) +
        `${format(value, unit)} ${unit}`.padStart(12) +
        (values.length > 1 ? spread : "").padStart(16) +
        most.padStart(12) +
        verdict +
        (note === undefined ? "" : `  (${note})`),
    );
  }
  console.log(
    "\nStart: from the navigation to the answer to a command that was typed at the first prompt; " +
      "cold with a new\nprofile, warm with what the service worker keeps. Download: the bodies of " +
      "what is asked for until then, text and\nwasm packed by gzip, the rest as it is. Tasks: of " +
      "the main thread, by the clock; beside it the most that a task\ntook of the processor, where " +
      "other programs do not count. Echo: from the key to the screen; the page's own part\nis all " +
      "but the time between the worker's getting the key and the guest's echo coming from it.\n" +
      `Load average of this machine: ${before.toFixed(1)} before, ${after.toFixed(1)} after; ` +
      `${availableParallelism()} processors.`,
  );
}

function rowsOf({ starts, mainThread, echo, builds, freezeNotices, heap }: PageBench): Row[] {
  const task = (name: string, tasks: readonly LongestTask[]): Row => {
    const cpu = Math.max(...tasks.map(({ cpuMs }) => cpuMs));
    const values = tasks.map(({ wallMs }) => wallMs);
    return { name, values, target: LONG_TASK_MS, unit: "ms", note: `processor ${cpu.toFixed(0)}` };
  };
  const typing = (name: string, echoes: PageBench["echo"]["idle"]): Row[] => [
    { name, values: echoes.map(({ total }) => total), unit: "ms" },
    {
      name: "  of it the page's own",
      values: echoes.map(({ total, worker }) => total - worker),
      target: ECHO_MS,
      unit: "ms",
    },
  ];
  const growth = (name: string, [before, after]: readonly [number, number]): Row => ({
    name: `${name} heap after ${heap.rounds} freezes and rescues`,
    values: [(after / before - 1) * 100],
    target: 10,
    unit: "%",
    note: `${megabytes(before)} to ${megabytes(after)} MB`,
  });
  return [
    {
      name: "start, cold cache",
      values: starts.map(({ coldMs }) => coldMs),
      target: 1000,
      unit: "ms",
    },
    {
      name: "start, warm cache",
      values: starts.map(({ warmMs }) => warmMs),
      target: 600,
      unit: "ms",
    },
    {
      name: "first download, packed",
      values: starts.map(({ coldBytes }) => coldBytes / MEGABYTE),
      target: 7,
      unit: "MB",
    },
    task(
      "longest task while the guest starts",
      starts.map(({ longestTask }) => longestTask),
    ),
    task(
      "longest task while a shell spins",
      mainThread.map(({ loop }) => loop),
    ),
    task(
      "longest task while it prints without end",
      mainThread.map(({ flood }) => flood),
    ),
    task(
      "longest task while the guest is frozen",
      mainThread.map(({ freeze }) => freeze),
    ),
    ...typing("echo of a key at the prompt", echo.idle),
    ...typing("echo of a key in a flood", echo.flood),
    {
      name: "first build of hello.c, from the click",
      values: builds.map(({ firstMs }) => firstMs),
      target: FIRST_BUILD_MS,
      unit: "ms",
    },
    {
      name: "build of hello.c after it",
      values: builds.map(({ warmMs }) => warmMs),
      target: WARM_BUILD_MS,
      unit: "ms",
    },
    {
      name: "freeze, from Enter to the page's word",
      values: freezeNotices,
      target: 1000,
      unit: "ms",
    },
    growth("page's", heap.page),
    growth("worker's", heap.worker),
  ];
}

function format(value: number, unit: string): string {
  return value.toFixed(unit === "ms" ? 0 : 1);
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}
