// The space of ports, for IN and OUT.
import { Processor } from "../state/processor";

/** @returns what a port's device answers. Where there is none, a bus is read as ones */
export function readPort(cpu: Processor, port: u32, size: u32): u32 {
  return ~0;
}

/** What is written where there is no device is lost. */
export function writePort(cpu: Processor, port: u32, size: u32, value: u32): void {}
