import { median } from "../median.js";
import type { LongestTask } from "./main-thread-trace.js";
import type { PageBench } from "./page-bench.js";

/** A row of the table: what was measured, and what it should be at most. */
interface Row {
  readonly name: string;
  readonly value: number;
  readonly target: number;
  readonly unit: string;
  /** What else is worth knowing. */
  readonly note?: string;
}

const MEGABYTE = 1e6;
const LONG_TASK_MS = 50;

export function printPageBench(bench: PageBench): void {
  console.log(
    `\n${"The page, in Chromium".padEnd(44)}${"measured".padStart(14)}${"at most".padStart(14)}`,
  );
  for (const { name, value, target, unit, note } of rowsOf(bench)) {
    const [measured, most] = [value, target].map((number) => `${format(number, unit)} ${unit}`);
    const verdict = value <= target ? "" : "  over";
    console.log(
      `${name.padEnd(44)}${measured?.padStart(14)}${most?.padStart(14)}${verdict}` +
        (note === undefined ? "" : `  (${note})`),
    );
  }
  console.log(
    "\nMedians. Start: from the navigation to the answer to a command that was typed at the " +
      "first prompt; cold with a\nnew profile, warm with what the service worker keeps. Download: " +
      "the bodies of what is asked for until then,\ntext and wasm packed by gzip, the rest as it " +
      "is. Tasks: of the main thread, by the clock; beside it the most\nthat a task took of the " +
      "processor, where other programs do not count. Echo: from the key to the screen.",
  );
}

function rowsOf({ starts, mainThread, echo, heap }: PageBench): Row[] {
  const task = (name: string, tasks: readonly LongestTask[]): Row => {
    const cpu = Math.max(...tasks.map(({ cpuMs }) => cpuMs));
    const value = median(tasks.map(({ wallMs }) => wallMs));
    return { name, value, target: LONG_TASK_MS, unit: "ms", note: `processor ${cpu.toFixed(0)}` };
  };
  const typing = (name: string, echoes: PageBench["echo"]["idle"]): Row[] => {
    const total = echoes.map((one) => one.total);
    const page = echoes.map((one) => one.total - one.worker);
    const worst = (values: readonly number[]) => ({
      note: `worst ${Math.max(...values).toFixed(0)}`,
    });
    return [
      { name, value: median(total), target: 50, unit: "ms", ...worst(total) },
      {
        name: "  of it the page's own",
        value: median(page),
        target: 50,
        unit: "ms",
        ...worst(page),
      },
    ];
  };
  const growth = (name: string, [before, after]: readonly [number, number]): Row => ({
    name: `${name} heap after ${heap.rounds} freezes and rescues`,
    value: (after / before - 1) * 100,
    target: 10,
    unit: "%",
    note: `${megabytes(before)} to ${megabytes(after)} MB`,
  });
  const cold = starts.map(({ coldMs }) => coldMs);
  const warm = starts.map(({ warmMs }) => warmMs);
  return [
    { name: "start, cold cache", value: median(cold), target: 1000, unit: "ms" },
    { name: "start, warm cache", value: median(warm), target: 600, unit: "ms" },
    {
      name: "first download, packed",
      value: median(starts.map(({ coldBytes }) => coldBytes)) / MEGABYTE,
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
