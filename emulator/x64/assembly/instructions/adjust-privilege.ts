// ARPL. Its row is MOVSXD's (extend.ts), as the opcode is the same: so the operands are the other
// way round here.
import { replaceFlags } from "../flags/replace-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

/** The two low bits of a selector. */
const REQUESTED_PRIVILEGE: u16 = 3;

/** Raises a selector's RPL to that of another one. */
export function adjustPrivilege(cpu: Processor, op: Operation): i32 {
  const place = cpu.source<u16>(op);
  if (place == 0) return After.Fault;
  const selector = load<u16>(place);
  const other = load<u16>(op.destination) & REQUESTED_PRIVILEGE;
  const isLower = (selector & REQUESTED_PRIVILEGE) < other;
  if (isLower && !writeSelector(cpu, op, (selector & ~REQUESTED_PRIVILEGE) | other)) {
    return After.Fault;
  }
  replaceFlags(cpu, Flag.Zero, isLower ? <u32>Flag.Zero : 0);
  return After.Next;
}

/** Only what changes is written. */
function writeSelector(cpu: Processor, op: Operation, selector: u16): bool {
  if (op.source == 0) return cpu.writeAt<u16>(cpu.addressOf<u16>(op, true), selector);
  store<u16>(op.source, selector);
  return true;
}
