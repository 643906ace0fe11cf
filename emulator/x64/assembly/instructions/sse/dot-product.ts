// DPPS, DPPD of SSE4.1.
import { Column, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { addBinary, multiplyBinary } from "../../float/binary";
import { sseUnit } from "../../float/float-unit";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { finishExactly } from "./exact-lanes";
import { Sse } from "./operands";

export function dotProductRows(): void {
  opcode(OpcodeMap.ThreeByte3a, 0x40, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does(dotProductOfSingles); // DPPS
  opcode(OpcodeMap.ThreeByte3a, 0x41, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does(dotProductOfDoubles); // DPPD
}

const terms = memory.data(16, 16);

// Products and sums are rounded each, and each step's exceptions end the instruction if they are not
// masked (SDM vol. 2A, DPPS).

function dotProductOfSingles(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  if (!multiplyTerms<u32>(cpu, op, source)) return After.Fault;
  const low = addTerms<u32>(load<u32>(terms), load<u32>(terms, 4));
  let flags = sseUnit.flags;
  const high = addTerms<u32>(load<u32>(terms, 8), load<u32>(terms, 12));
  flags |= sseUnit.flags;
  if (!finishExactly(cpu, flags)) return After.Fault;
  const sum = addTerms<u32>(low, high);
  return putSum<u32>(cpu, op, sum);
}

function dotProductOfDoubles(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  if (!multiplyTerms<u64>(cpu, op, source)) return After.Fault;
  const sum = addTerms<u64>(load<u64>(terms), load<u64>(terms, 8));
  return putSum<u64>(cpu, op, sum);
}

/** The products that bits 4 to 7 of the immediate ask for. @returns false: a fault is pending */
function multiplyTerms<B>(cpu: Processor, op: Operation, source: usize): bool {
  const unit = sseUnit;
  unit.beginSse(cpu.mxcsr);
  let flags: u32 = 0;
  let mask = <u32>op.immediate >> 4;
  for (let at: usize = 0; at < 16; at += sizeof<B>()) {
    let product: B = 0;
    if ((mask & 1) != 0) {
      unit.flags = 0;
      product = multiplyBinary<B>(unit, load<B>(op.destination + at), load<B>(source + at));
      flags |= unit.flags;
    }
    store<B>(terms + at, product);
    mask >>= 1;
  }
  return finishExactly(cpu, flags);
}

function addTerms<B>(a: B, b: B): B {
  sseUnit.flags = 0;
  return addBinary<B>(sseUnit, a, b);
}

/** Into the lanes that bits 0 to 3 of the immediate name; the others become 0. */
function putSum<B>(cpu: Processor, op: Operation, sum: B): i32 {
  if (!finishExactly(cpu, sseUnit.flags)) return After.Fault;
  let mask = <u32>op.immediate;
  for (let at: usize = 0; at < 16; at += sizeof<B>()) {
    store<B>(op.destination + at, (mask & 1) != 0 ? sum : 0);
    mask >>= 1;
  }
  return After.Next;
}
