import { Processor } from "../state/processor";
import { readFlags } from "./lazy-flags";

/**
 * Changes some of the arithmetic flags, and leaves the others.
 * @param which flags change
 * @param flags those of them that are set then
 */
export function replaceFlags(cpu: Processor, which: u32, flags: u32): void {
  cpu.flags = (readFlags(cpu) & ~(<u64>which)) | flags;
}
