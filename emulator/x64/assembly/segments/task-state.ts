// The 64-bit task-state segment: SDM vol. 3A, 7.7.
import { SystemAccess } from "../memory/system-access";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";

const RSP0: u32 = 4;
const IST1: u32 = 36;
const IO_MAP_BASE: u32 = 102;

/** @returns where RSP for a privilege of 0 to 2 can be read; 0: a fault is pending */
export function taskStack(cpu: Processor, privilege: u32, external: u32): usize {
  return pointerAt(cpu, RSP0 + 8 * privilege, external);
}

/** @param number 1 to 7 */
export function interruptStack(cpu: Processor, number: u32, external: u32): usize {
  return pointerAt(cpu, IST1 + 8 * (number - 1), external);
}

function pointerAt(cpu: Processor, offset: u32, external: u32): usize {
  const task = cpu.tr;
  if (offset + 7 > task.limit) {
    cpu.raise(Vector.InvalidTss, (task.selector & 0xfffc) | external);
    return 0;
  }
  return SystemAccess.readAt<u64>(cpu, task.base + offset);
}

/**
 * Whether the map of ports allows an access (SDM vol. 1, 19.5.2): all of its bits have to be clear.
 * @returns false: a fault is pending
 */
export function allowsPorts(cpu: Processor, port: u32, count: u32): bool {
  const task = cpu.tr;
  if (IO_MAP_BASE + 1 > task.limit) return refuse(cpu);
  const base = SystemAccess.readAt<u16>(cpu, task.base + IO_MAP_BASE);
  if (base == 0) return false;
  // Two bytes are read, so that a map has to end with a byte of ones.
  const offset = <u32>load<u16>(base) + (port >> 3);
  if (offset + 1 > task.limit) return refuse(cpu);
  const bits = SystemAccess.readAt<u16>(cpu, task.base + offset);
  if (bits == 0) return false;
  const refused = (<u32>load<u16>(bits) >> (port & 7)) & ((1 << count) - 1);
  return refused == 0 || refuse(cpu);
}

function refuse(cpu: Processor): bool {
  cpu.raise(Vector.GeneralProtection);
  return false;
}
