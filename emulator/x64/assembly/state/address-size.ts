import { BlockMode } from "../blocks/block";
import { Operation, Prefix } from "./operation";
import { Processor } from "./processor";

/** The bits that count of an address, and of RCX, RSI and RDI where an opcode implies them. */
export function addressMask(cpu: Processor, op: Operation): u64 {
  const isOther = op.has(Prefix.AddressSize);
  if (cpu.isLongCode) return isOther ? 0xffffffff : ~0;
  return ((cpu.blockMode & BlockMode.Default32) != 0) != isOther ? 0xffffffff : 0xffff;
}

/** Writes a register in the address size: a write of 32 bits clears the upper half. */
export function setMasked(register: usize, value: u64, mask: u64): void {
  if (mask == 0xffff) store<u16>(register, <u16>value);
  else store<u64>(register, value & mask);
}
