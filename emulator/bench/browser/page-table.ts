import { median } from "../median.js";
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
/** From which on browsers tell of a task. */
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
    "\nStart: from the navigation to the answer to a command that was typed at the first prompt; " +
      "cold with a new\nprofile, warm with what the service worker keeps. Download: the bodies of " +
      "what is asked for until then, text\nand wasm packed by gzip -6, the rest as it is. Tasks: " +
      "the longest of the main thread (Long Tasks API); 0 when\nnone took over 50 ms. Echo: from " +
      "the key to the frame's document.",
  );
}

function rowsOf({ starts, mainThread, echo, heap }: PageBench): Row[] {
  const task = (name: string, values: readonly number[]): Row => {
    const over = values.filter((value) => value > LONG_TASK_MS).length;
    const note = { note: `over in ${over} of ${values.length}` };
    return { name, value: Math.max(...values), target: LONG_TASK_MS, unit: "ms", ...note };
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
      starts.map(({ longestTaskMs }) => longestTaskMs),
    ),
    task(
      "longest task while a shell spins",
      mainThread.map(({ loopMs }) => loopMs),
    ),
    task(
      "longest task while it prints without end",
      mainThread.map(({ floodMs }) => floodMs),
    ),
    task(
      "longest task while the guest is frozen",
      mainThread.map(({ freezeMs }) => freezeMs),
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
