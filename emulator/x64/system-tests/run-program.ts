/** Runs a recorded program in the engine. */
import { unzlibSync } from "fflate";
import { X64Machine, type X64Processor } from "../x64-machine.js";
import {
  HOST_VECTOR,
  IMAGE_ADDRESS,
  LOG_ADDRESS,
  LOG_BYTES,
  type ProgramOutcome,
  RAM_BYTES,
  type RecordedProgram,
} from "./recording.js";

/** All of them are done long before. */
const MOST_INSTRUCTIONS = 2_000_000;
/** @param slice the most instructions that are executed in one run; the outcome is always the same */
export async function runProgram(
  module: WebAssembly.Module,
  program: RecordedProgram,
  slice = MOST_INSTRUCTIONS,
): Promise<ProgramOutcome> {
  const machine = await X64Machine.create(module, RAM_BYTES);
  const image = unzlibSync(Uint8Array.from(atob(program.image), (c) => c.charCodeAt(0)));
  machine.ram.set(image, IMAGE_ADDRESS);
  const { processor } = machine;
  processor.pageTables = program.pageMap;
  processor.rip = BigInt(program.start);
  const end = runToEnd(processor, program, slice);
  return { end, log: readLog(machine) };
}

function runToEnd(processor: X64Processor, program: RecordedProgram, slice: number): string {
  const waiting = [...program.actions];
  while (processor.instructions < MOST_INSTRUCTIONS) {
    const index = waiting.findIndex((action) => BigInt(action.at) === processor.rip);
    const [action] = index < 0 ? [] : waiting.splice(index, 1);
    if (action?.asksFor === "nmi") processor.raiseNmi();
    else if (action !== undefined) processor.raiseInterrupt(HOST_VECTOR);
    // A host that has something to do at an address looks at each.
    const { reason } = processor.run(waiting.length > 0 ? 1 : slice);
    // HLT is over if the host does something behind it.
    const goesOn = waiting.some(({ at }) => BigInt(at) === processor.rip);
    if (reason !== "budget" && !(reason === "halt" && goesOn)) return reason;
  }
  return "budget";
}

function readLog(machine: X64Machine): string {
  const { buffer, byteOffset } = machine.ram;
  const words = [...new BigUint64Array(buffer, byteOffset + LOG_ADDRESS, LOG_BYTES / 64)];
  while (words.at(-1) === 0n) words.pop();
  return words.map((word) => word.toString(16)).join(" ");
}
