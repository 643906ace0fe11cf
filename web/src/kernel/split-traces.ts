import type { DecodedFrame } from "../../../emulator/reports/decode.js";

/** Frames that follow each other in one trace, on one stack. */
export interface Trace {
  readonly heading: string;
  readonly frames: readonly DecodedFrame[];
}

/** Takes the frames of a report apart where the trace or the stack changes. */
export function splitTraces(frames: readonly DecodedFrame[]): Trace[] {
  const traces: { heading: string; frames: DecodedFrame[] }[] = [];
  for (const decoded of frames) {
    const { trace, stack } = decoded.frame;
    const name = trace === "call" ? "Trace" : trace;
    const heading = stack === "task" ? name : `${name}, on the ${stack} stack`;
    const last = traces.at(-1);
    if (last?.heading === heading) last.frames.push(decoded);
    else traces.push({ heading, frames: [decoded] });
  }
  return traces;
}
