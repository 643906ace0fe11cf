import type { Lab, LabOptions, LabProgress } from "../lab/index.js";
import type { CliContext } from "./context.js";
import { Progress } from "./progress.js";

const STEPS: Readonly<Record<LabProgress["step"], string>> = {
  load: "Loading the images",
  boot: "Booting Linux",
  restore: "Starting Linux",
};

/** A lab, and the host milliseconds that it took until it answered. */
export interface StartedLab {
  readonly lab: Lab;
  readonly startMs: number;
}

/** Starts a lab and shows meanwhile how far it is. */
export async function startLab(
  context: CliContext,
  coldBoot: boolean,
  options: Pick<LabOptions, "readSource"> = {},
): Promise<StartedLab> {
  const progress = new Progress(context.stderr);
  const start = performance.now();
  try {
    const lab = await context.bootLab({
      ...options,
      coldBoot,
      signal: context.signal,
      onProgress: ({ step }) => progress.show(STEPS[step]),
    });
    return { lab, startMs: performance.now() - start };
  } finally {
    progress.clear();
  }
}
