// MOV to and from DR0 to DR7: SDM vol. 3B, 17.2.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { updateAttention } from "../../exceptions/attention";
import { Dr6, GENERAL_DETECT } from "../../exceptions/breakpoints";
import { flushTlb } from "../../memory/tlb";
import { Branch } from "../../run/branch";
import { After } from "../../state/after";
import { Cr4 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";

/** Bits that are always set, and those that can be written. */
const DR6_ONES: u64 = 0xffff0ff0;
const DR6_WRITABLE: u64 = 0xe00f;
const DR7_ONES: u64 = 0x400;
const DR7_WRITABLE: u64 = 0xffff23ff;

export function debugRegisterRows(): void {
  opcode(OpcodeMap.TwoByte, 0x21)
    .with(Attribute.HasModRm | Attribute.Privileged | Attribute.Force64 | Attribute.EndsBlock)
    .does((c, o) => moveFrom(c, o));
  opcode(OpcodeMap.TwoByte, 0x23)
    .with(Attribute.HasModRm | Attribute.Privileged | Attribute.Force64 | Attribute.EndsBlock)
    .does((c, o) => moveTo(c, o));
}

/** @returns the number of the register that is meant; 8: it is not there, and #UD or #DB is pending */
function registerOf(cpu: Processor, op: Operation): u32 {
  let number: u32 = op.reg;
  if (number == 4 || number == 5) {
    // DR6 and DR7 by the names that they had on the 386.
    number = (cpu.cr4 & Cr4.DebuggingExtensions) != 0 ? 8 : number + 2;
  }
  if (number >= 8) {
    cpu.raise(Vector.InvalidOpcode);
    return 8;
  }
  if ((<u32>cpu.dr7 & GENERAL_DETECT) != 0) {
    cpu.dr6 |= Dr6.DebugRegister;
    cpu.raise(Vector.Debug);
    return 8;
  }
  return number;
}

/** DR0 to DR3, DR6 and DR7 lie behind each other. */
function placeOf(cpu: Processor, number: u32): usize {
  const slot = number < 4 ? number : number - 2;
  return changetype<usize>(cpu) + offsetof<Processor>("dr0") + (slot << 3);
}

function moveFrom(cpu: Processor, op: Operation): i32 {
  const number = registerOf(cpu, op);
  if (number == 8) return After.Fault;
  const value = load<u64>(placeOf(cpu, number));
  store<u64>(cpu.register(op.rm), cpu.isLongCode ? value : <u64>(<u32>value));
  return Branch.over(cpu, op);
}

function moveTo(cpu: Processor, op: Operation): i32 {
  const number = registerOf(cpu, op);
  if (number == 8) return After.Fault;
  const register = load<u64>(cpu.register(op.rm));
  let value = cpu.isLongCode ? register : <u64>(<u32>register);
  if (number >= 6) {
    if (value >> 32 != 0) return cpu.raise(Vector.GeneralProtection);
    value = number == 6 ? (value & DR6_WRITABLE) | DR6_ONES : (value & DR7_WRITABLE) | DR7_ONES;
  }
  store<u64>(placeOf(cpu, number), value);
  // Pages with breakpoints for data are not entered into the TLB.
  if (number != 6) flushTlb(cpu, true);
  updateAttention(cpu);
  return Branch.over(cpu, op);
}
