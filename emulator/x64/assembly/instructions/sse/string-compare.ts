// PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM of SSE4.2: SDM vol. 2B, 4.1.
import { Column, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { Flags } from "../../flags/lazy-flags";
import { After } from "../../state/after";
import { Operation, Prefix } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Flag } from "../../state/rflags";
import { Sse } from "./operands";
import { compareStrings, lengthOf } from "./string-match";

export function stringCompareRows(): void {
  const three = OpcodeMap.ThreeByte3a;
  opcode(three, 0x60, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => compare(c, o, true, false)); // PCMPESTRM
  opcode(three, 0x61, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => compare(c, o, true, true)); // PCMPESTRI
  opcode(three, 0x62, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => compare(c, o, false, false)); // PCMPISTRM
  opcode(three, 0x63, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => compare(c, o, false, true)); // PCMPISTRI
}

/**
 * @param isExplicit the lengths are in rAX and rDX; otherwise a zero ends a string
 * @param wantsIndex the result is an index in ECX; otherwise a mask in XMM0
 */
function compare(cpu: Processor, op: Operation, isExplicit: bool, wantsIndex: bool): i32 {
  const source = Sse.scalar<v128>(cpu, op);
  if (source == 0) return After.Fault;
  const control = <u32>op.immediate;
  const isWords = (control & 1) != 0;
  const elements: u32 = isWords ? 8 : 16;
  let lengthA: u32;
  let lengthB: u32;
  if (isExplicit) {
    lengthA = explicitLength(op, cpu.rax, elements);
    lengthB = explicitLength(op, cpu.rdx, elements);
  } else {
    lengthA = lengthOf(op.destination, isWords);
    lengthB = lengthOf(source, isWords);
  }
  const bits = compareStrings(op.destination, lengthA, source, lengthB, control);
  if (wantsIndex) cpu.rcx = indexOf(bits, elements, control);
  else v128.store(cpu.xmm(0), maskOf(bits, isWords, control));
  let flags: u32 = 0;
  if (bits != 0) flags |= Flag.Carry;
  if (lengthB < elements) flags |= Flag.Zero;
  if (lengthA < elements) flags |= Flag.Sign;
  if ((bits & 1) != 0) flags |= Flag.Overflow;
  Flags.set(cpu, flags);
  return After.Next;
}

/** The magnitude of a signed number, of 64 bits with REX.W. */
function explicitLength(op: Operation, register: u64, elements: u32): u32 {
  const length = op.has(Prefix.RexW) ? <i64>register : <i64>(<i32>register);
  const magnitude = <u64>(length < 0 ? -length : length);
  return <u32>min<u64>(magnitude, elements);
}

function indexOf(bits: u32, elements: u32, control: u32): u64 {
  if (bits == 0) return elements;
  return (control & 0x40) != 0 ? 31 - clz<u32>(bits) : ctz<u32>(bits);
}

/** Bits, or as many lanes of ones. */
function maskOf(bits: u32, isWords: bool, control: u32): v128 {
  if ((control & 0x40) == 0) return i32x4.replace_lane(i64x2.splat(0), 0, bits);
  if (isWords) {
    const places = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
    return i16x8.eq(v128.and(i16x8.splat(<i16>bits), places), places);
  }
  const places = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const halves = i64x2.replace_lane(
    i8x16.splat(<i8>bits),
    1,
    <u64>((bits >> 8) & 0xff) * 0x0101010101010101,
  );
  return i8x16.eq(v128.and(halves, places), places);
}
