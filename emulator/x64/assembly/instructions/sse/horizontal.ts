// HADDPS, HADDPD, HSUBPS, HSUBPD of SSE3: pairs of neighbours.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { FloatLanes } from "./float-lanes";
import { Add, Subtract } from "./float-operations";
import { Sse } from "./operands";

export function horizontalRows(): void {
  pairRows<Add>(0x7c); // HADDPS, HADDPD
  pairRows<Subtract>(0x7d); // HSUBPS, HSUBPD
}

function pairRows<T>(byte: i32): void {
  opcode(OpcodeMap.TwoByte, byte, Column.XF2)
    .of(Operand.V, Operand.W)
    .does((c, o) => pairsOfSingles<T>(c, o));
  opcode(OpcodeMap.TwoByte, byte, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => pairsOfDoubles<T>(c, o));
}

function pairsOfSingles<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const a = Sse.destination(op);
  const b = v128.load(source);
  const even = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
  return FloatLanes.compute<T, f32, u32>(cpu, op, even, v128.shuffle<f32>(a, b, 1, 3, 5, 7));
}

function pairsOfDoubles<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const a = Sse.destination(op);
  const b = v128.load(source);
  const even = v128.shuffle<f64>(a, b, 0, 2);
  return FloatLanes.compute<T, f64, u64>(cpu, op, even, v128.shuffle<f64>(a, b, 1, 3));
}
