// FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2, FLDZ.
import { DOWN, TOWARDS_ZERO, UP } from "../../float/float-unit";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { X87 } from "./registers";
import { registerRow } from "./rows";

export function constantRows(): void {
  registerRow(0xd9, 0xe8).does((c, o) => constant(c, o, 0x3fff, 0x8000_0000_0000_0000));
  registerRow(0xd9, 0xe9).does((c, o) => constant(c, o, 0x4000, logarithmOfTen(c)));
  registerRow(0xd9, 0xea).does((c, o) => constant(c, o, 0x3fff, nearest(c, 0xb8aa_3b29_5c17_f0bc)));
  registerRow(0xd9, 0xeb).does((c, o) => constant(c, o, 0x4000, nearest(c, 0xc90f_daa2_2168_c235)));
  registerRow(0xd9, 0xec).does((c, o) => constant(c, o, 0x3ffd, nearest(c, 0x9a20_9a84_fbcf_f799)));
  registerRow(0xd9, 0xed).does((c, o) => constant(c, o, 0x3ffe, nearest(c, 0xb172_17f7_d1cf_79ac)));
  registerRow(0xd9, 0xee).does((c, o) => constant(c, o, 0, 0));
}

/** log₂ 10 lies above its nearest number, so that only rounding up changes it. */
function logarithmOfTen(cpu: Processor): u64 {
  return 0xd49a_784b_cd1b_8afe + u64(roundingOf(cpu) == UP);
}

/** The others lie below their nearest number. */
function nearest(cpu: Processor, significand: u64): u64 {
  const rounding = roundingOf(cpu);
  return significand - u64(rounding == DOWN || rounding == TOWARDS_ZERO);
}

function roundingOf(cpu: Processor): u32 {
  return (cpu.floatControl >> 10) & 3;
}

function constant(cpu: Processor, op: Operation, upper: u16, significand: u64): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.canPush(cpu)) return X87.overflow(cpu, op);
  X87.push(cpu);
  const to = X87.st(cpu, 0);
  store<u64>(to, significand);
  store<u16>(to, upper, 8);
  return X87.end(cpu, op);
}
