// LGDT, LIDT, SGDT, SIDT.
import { BlockMode } from "../../blocks/block";
import { Attribute, Column, Form, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { slowAddress } from "../../memory/address";
import { Canonical } from "../../memory/page-walk";
import { After } from "../../state/after";
import { Cr4 } from "../../state/control";
import { Operation, Prefix } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";

export function descriptorTableRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x01, Column.Any, 0, Form.Memory)
    .of(Operand.M)
    .does((c, o) => storeTable(c, o, c.gdtLimit, c.gdtBase));
  opcode(two, 0x01, Column.Any, 1, Form.Memory)
    .of(Operand.M)
    .does((c, o) => storeTable(c, o, c.idtLimit, c.idtBase));
  opcode(two, 0x01, Column.Any, 2, Form.Memory)
    .of(Operand.M)
    .with(Attribute.Privileged)
    .does((c, o) => loadTable(c, o, true));
  opcode(two, 0x01, Column.Any, 3, Form.Memory)
    .of(Operand.M)
    .with(Attribute.Privileged)
    .does((c, o) => loadTable(c, o, false));
}

/** Whether UMIP keeps an instruction from programs (SDM vol. 3A, 2.5): #GP(0) is pending then. */
export function isPrevented(cpu: Processor): bool {
  const isPrevented = cpu.cpl != 0 && (cpu.cr4 & Cr4.UserModeInstructionPrevention) != 0;
  if (isPrevented) cpu.raise(Vector.GeneralProtection);
  return isPrevented;
}

/** Stores the limit, and 8 bytes of the base, or 4 in code that is not 64-bit. */
function storeTable(cpu: Processor, op: Operation, limit: u32, base: u64): i32 {
  if (isPrevented(cpu)) return After.Fault;
  const baseSize: u64 = cpu.isLongCode ? 8 : 4;
  const address = slowAddress(cpu, op, 0, 2 + baseSize, true);
  // Both have to be writable before one is written.
  if (cpu.updateAt<u8>(address + 1 + baseSize) == 0) return After.Fault;
  if (!cpu.writeAt<u16>(address, <u16>limit)) return After.Fault;
  const isStored =
    baseSize == 8 ? cpu.writeAt<u64>(address + 2, base) : cpu.writeAt<u32>(address + 2, <u32>base);
  return isStored ? After.Next : After.Fault;
}

function loadTable(cpu: Processor, op: Operation, isGlobal: bool): i32 {
  const address = slowAddress(cpu, op, 0, cpu.isLongCode ? 10 : 6);
  const limitPlace = cpu.readAt<u16>(address);
  if (limitPlace == 0) return After.Fault;
  const limit = <u32>load<u16>(limitPlace);
  const basePlace = cpu.isLongCode ? cpu.readAt<u64>(address + 2) : cpu.readAt<u32>(address + 2);
  if (basePlace == 0) return After.Fault;
  let base: u64;
  if (cpu.isLongCode) {
    base = load<u64>(basePlace);
    if (!Canonical.is(base)) return cpu.raise(Vector.GeneralProtection);
  } else {
    // With 16-bit operands the base has 24 bits, as the 286 had it.
    base = load<u32>(basePlace);
    const isBig = (cpu.blockMode & BlockMode.Default32) != 0;
    if (isBig == op.has(Prefix.OperandSize)) base &= 0xffffff;
  }
  if (isGlobal) {
    cpu.gdtBase = base;
    cpu.gdtLimit = limit;
  } else {
    cpu.idtBase = base;
    cpu.idtLimit = limit;
  }
  return After.Next;
}
