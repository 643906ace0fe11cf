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
  const target = op.source != 0 ? op.source : cpu.updateAt<u16>(cpu.address(op));
  if (target == 0) return After.Fault;
  const selector = load<u16>(target);
  const other = load<u16>(op.destination) & REQUESTED_PRIVILEGE;
  const isLower = (selector & REQUESTED_PRIVILEGE) < other;
  replaceFlags(cpu, Flag.Zero, isLower ? <u32>Flag.Zero : 0);
  if (!isLower) return After.Next;
  store<u16>(target, (selector & ~REQUESTED_PRIVILEGE) | other);
  if (op.source == 0) cpu.written(target);
  return After.Next;
}
