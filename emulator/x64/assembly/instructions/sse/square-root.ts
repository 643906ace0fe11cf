// SQRTPS, SQRTPD, SQRTSS, SQRTSD.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { FloatLanes } from "./float-lanes";
import { SquareRoot } from "./float-operations";
import { Sse } from "./operands";

export function squareRootRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x51, Column.None)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<f32, u32>(c, o));
  opcode(two, 0x51, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<f64, u64>(c, o));
  opcode(two, 0x51, Column.XF3)
    .of(Operand.V, Operand.W)
    .does((c, o) => scalar<f32, u32>(c, o));
  opcode(two, 0x51, Column.XF2)
    .of(Operand.V, Operand.W)
    .does((c, o) => scalar<f64, u64>(c, o));
}

function packed<F, B>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const value = v128.load(source);
  return FloatLanes.compute<SquareRoot, F, B>(cpu, op, value, value);
}

function scalar<F, B>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<F>(cpu, op);
  if (source == 0) return After.Fault;
  const value = load<F>(source);
  return FloatLanes.computeScalar<SquareRoot, F, B>(cpu, op, value, value);
}
