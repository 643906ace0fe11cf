// RDTSC, RDTSCP, RDPMC. The counter counts instructions: it is the same in each run of a program.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { instructionsBefore } from "../../run/instruction-count";
import { After } from "../../state/after";
import { Cr4 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";

export function timeStampRows(): void {
  opcode(OpcodeMap.TwoByte, 0x31).does((c, o) => readTimeStamp(c, o));
  opcode(OpcodeMap.TwoByte01, 0xf9).does((c, o) => readTimeStampAndAux(c, o));
  // There are no performance counters that it could read.
  opcode(OpcodeMap.TwoByte, 0x33)
    .with(Attribute.EndsBlock)
    .does((c, o) => c.raise(Vector.GeneralProtection));
}

function readTimeStamp(cpu: Processor, op: Operation): i32 {
  if (cpu.cpl != 0 && (cpu.cr4 & Cr4.TimeStampDisable) != 0) {
    return cpu.raise(Vector.GeneralProtection);
  }
  const time = instructionsBefore(cpu, op) + cpu.tscOffset;
  cpu.rax = time & 0xffffffff;
  cpu.rdx = time >> 32;
  return After.Next;
}

function readTimeStampAndAux(cpu: Processor, op: Operation): i32 {
  const after = readTimeStamp(cpu, op);
  if (after == After.Next) cpu.rcx = cpu.tscAux;
  return after;
}
