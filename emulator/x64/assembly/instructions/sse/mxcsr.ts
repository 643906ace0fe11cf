// LDMXCSR, STMXCSR.
import { Column, Form, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";
import { Sse } from "./operands";

/** Its bits that are there, as FXSAVE tells (MXCSR_MASK). */
export const MXCSR_MASK: u32 = 0xffff;

export function mxcsrRows(): void {
  opcode(OpcodeMap.TwoByte, 0xae, Column.None, 2, Form.Memory)
    .of(Operand.None, Operand.W)
    .does(loadMxcsr);
  opcode(OpcodeMap.TwoByte, 0xae, Column.None, 3, Form.Memory).of(Operand.W).does(storeMxcsr);
}

function loadMxcsr(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<u32>(cpu, op);
  if (source == 0) return After.Fault;
  const value = load<u32>(source);
  if ((value & ~MXCSR_MASK) != 0) return cpu.raise(Vector.GeneralProtection);
  cpu.mxcsr = value;
  return After.Next;
}

function storeMxcsr(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return cpu.write<u32>(op, cpu.mxcsr);
}
