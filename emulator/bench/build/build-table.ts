import { median } from "../median.js";
import type { BuildBench, BuildTimes } from "./build-bench.js";

const MEGABYTE = 1e6;
/** On a machine where clang-16 takes 0.2 s a warm build is to take 0.8 s. */
const MOST_TIMES_NATIVE = 4;
const FIRST_BUILD_MS = 4000;
const FIRST_DOWNLOAD_BYTES = 12.5 * MEGABYTE;

/** @param where such as `Node` */
export function printBuildBench(where: string, bench: BuildBench): void {
  const { times, firstBytes, whyNoNative } = bench;
  const all = (pick: (run: BuildTimes) => number | undefined): number[] =>
    times.flatMap((run) => pick(run) ?? []);
  const native = all((run) => run.native);
  const nativeMs = native.length === 0 ? undefined : median(native);
  const row = (name: string, values: readonly number[], mostMs?: number): void => {
    const ms = median(values);
    const ratio = nativeMs === undefined ? "" : `${(ms / nativeMs).toFixed(1)}`;
    const most = mostMs === undefined ? "" : `${mostMs.toFixed(0)}`;
    const over = mostMs !== undefined && ms > mostMs ? "  over" : "";
    console.log(
      `${name.padEnd(44)}${ms.toFixed(0).padStart(9)}${ratio.padStart(9)}${most.padStart(9)}${over}`,
    );
  };
  console.log(
    `\n${`Builds, in ${where}`.padEnd(44)}${"ms".padStart(9)}${"ratio".padStart(9)}${"at most".padStart(9)}`,
  );
  row(
    "first build of hello.c, from nothing",
    all(({ compiler, firstModule }) => compiler + firstModule),
    FIRST_BUILD_MS,
  );
  row(
    "  of it unpacking and compiling the compiler",
    all(({ compiler }) => compiler),
  );
  row(
    "build of hello.c, warm",
    all(({ warmModule }) => warmModule),
    nativeMs === undefined ? undefined : MOST_TIMES_NATIVE * nativeMs,
  );
  row(
    "first build of hello-test.c, after a module",
    all(({ firstProgram }) => firstProgram),
  );
  row(
    "build of hello-test.c, warm",
    all(({ warmProgram }) => warmProgram),
  );
  if (native.length > 0) row("clang-16 -c hello.c", native);
  const over = firstBytes > FIRST_DOWNLOAD_BYTES ? ", over" : "";
  console.log(
    `\nMedian of ${times.length} runs; ratio to clang-16 ${whyNoNative ? `not known: ${whyNoNative}` : "in the same run"}. ` +
      `The first build reads ${megabytes(firstBytes)} MB\n` +
      `(at most ${megabytes(FIRST_DOWNLOAD_BYTES)} MB${over}).`,
  );
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(2);
}
