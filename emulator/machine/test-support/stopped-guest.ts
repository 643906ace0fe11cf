import type { Lab } from "../../lab/index.js";
import { outputOf, shell } from "../../lab/test-support/guest.js";

/** The kernel's own symbols, from the guest's /proc/kallsyms. */
export async function readSymbols(lab: Lab): Promise<(symbol: string) => number> {
  const lines = (await shell(lab, "cat /proc/kallsyms")).split("\n");
  const symbols = new Map(
    lines.map((line) => {
      const [address = "", , name = ""] = line.split(/\s+/);
      return [name, Number.parseInt(address, 16)];
    }),
  );
  return (symbol) => {
    const address = symbols.get(symbol);
    if (address === undefined) throw new Error(`This kernel has no ${symbol}.`);
    return address;
  };
}

export interface StoppedGuest {
  /** Lets the guest run on. @returns what the script printed. */
  finish(): Promise<string>;
}

/** Runs a script until the kernel is about to execute the instruction at an address. */
export async function stopAt(lab: Lab, address: number, script: string): Promise<StoppedGuest> {
  let stopped = (): void => undefined;
  const stop = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const breakpoint = lab.machine.setBreakpoint(address, () => {
    lab.machine.pause();
    stopped();
  });
  const result = lab.sh(script);
  await Promise.race([
    stop,
    result.then((early) => {
      throw new Error(`Nothing stopped ${script}, which printed ${outputOf(early)}`);
    }),
  ]);
  breakpoint[Symbol.dispose]();
  return {
    async finish() {
      lab.machine.run();
      return outputOf(await result);
    },
  };
}
