import { readProgram } from "../../x64/user-mode/test-support/programs.js";

/** What is measured: a program whose work can be made as long as it has to be to be measured. */
export interface Workload {
  readonly name: string;
  readonly program: Uint8Array;
  /** @param rounds how often its work is done */
  args(rounds: number): readonly string[];
  stdin(rounds: number): Uint8Array;
  /** Of work, for about a second in the engine. */
  readonly rounds: number;
  /** How many times that a processor, and QEMU, can do in a time that can be measured. */
  readonly timesNative: number;
  readonly timesQemu: number;
}

const nothing = new Uint8Array();

/** Loops of `kernel-src/x64/loops.c`, and busybox's `gzip -9` of its own bytes. */
export function workloads(): Workload[] {
  const loops = readProgram("loops");
  const busybox = readProgram("busybox");
  const loop = (
    name: string,
    rounds: number,
    timesNative: number,
    timesQemu: number,
  ): Workload => ({
    name,
    program: loops,
    args: (wanted) => ["loops", name, `${wanted}`],
    stdin: () => nothing,
    rounds,
    timesNative,
    timesQemu,
  });
  return [
    loop("integer", 100, 40, 20),
    loop("memory", 200, 5, 5),
    loop("branches", 50, 200, 20),
    loop("sse", 200, 100, 3),
    loop("x87", 100, 60, 4),
    {
      name: "gzip -9",
      program: busybox,
      args: () => ["busybox", "gzip", "-9", "-c"],
      // Bytes that repeat beyond gzip's window of 32 KiB: each round is the same work.
      stdin: (rounds) => {
        const piece = busybox.subarray(0x1000, 0x1000 + 100_000);
        const bytes = new Uint8Array(piece.length * rounds);
        for (let round = 0; round < rounds; round++) bytes.set(piece, round * piece.length);
        return bytes;
      },
      rounds: 4,
      timesNative: 20,
      timesQemu: 5,
    },
  ];
}
