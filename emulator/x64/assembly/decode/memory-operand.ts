// SDM vol. 2A, tables 2-1 (16 bits), 2-2 (32 bits), 2-3 (SIB), and 2.2.1.6 (relative to RIP).
import { BlockMode } from "../blocks/block";
import { Operation, Prefix } from "../state/operation";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { addressingOf, Decoder } from "./decoder";

const RSP: u32 = 4;
const RBP: u32 = 5;

/** Reads what follows a ModRM byte that names memory, and notes how its address is made. */
export function decodeMemory(decoder: Decoder, op: Operation): void {
  if (decoder.addressBits == 16) decode16(decoder, op);
  else decode32(decoder, op);
}

function decode32(decoder: Decoder, op: Operation): void {
  const cpu = decoder.cpu;
  const bytes = decoder.bytes;
  const mod = decoder.modRm >> 6;
  let base = decoder.modRm & 7;
  const zero = changetype<usize>(cpu) + offsetof<Processor>("zero");
  op.index = zero;
  let isRelative = false;
  if (base == RSP) {
    const sib = bytes.byte(cpu);
    base = sib & 7;
    const index = ((sib >> 3) & 7) | ((decoder.rex & 2) << 2);
    if (index != RSP) {
      op.index = cpu.register(index);
      op.scale = <u8>(sib >> 6);
    }
  } else {
    isRelative = mod == 0 && base == RBP && (decoder.mode & BlockMode.Long) != 0;
  }
  let usual = SegmentName.Ds;
  if (mod == 0 && base == RBP) {
    op.base = isRelative ? changetype<usize>(cpu) + offsetof<Processor>("rip") : zero;
    op.displacement = <i32>bytes.doubleword(cpu);
  } else {
    const number = base | ((decoder.rex & 1) << 3);
    op.base = cpu.register(number);
    if (number == RSP || number == RBP) usual = SegmentName.Ss;
    if (mod == 1) op.displacement = <i32>(<i8>bytes.byte(cpu));
    else if (mod == 2) op.displacement = <i32>bytes.doubleword(cpu);
  }
  place(decoder, op, usual);
}

/** Of each r/m: base and index, as numbers of registers; 16 is none. */
const BASES_16 = memory.data<u8>([3, 3, 5, 5, 6, 7, 5, 3]);
const INDICES_16 = memory.data<u8>([6, 7, 6, 7, 16, 16, 16, 16]);

function decode16(decoder: Decoder, op: Operation): void {
  const cpu = decoder.cpu;
  const bytes = decoder.bytes;
  const mod = decoder.modRm >> 6;
  const rm = decoder.modRm & 7;
  const isAbsolute = mod == 0 && rm == 6;
  const base: u32 = isAbsolute ? 16 : load<u8>(BASES_16 + rm);
  // Number 16 is where `zero` lies, behind the registers.
  op.base = cpu.register(base);
  op.index = cpu.register(load<u8>(INDICES_16 + rm));
  if (isAbsolute || mod == 2) op.displacement = <i32>(<i16>bytes.word(cpu));
  else if (mod == 1) op.displacement = <i32>(<i8>bytes.byte(cpu));
  place(decoder, op, base == RBP ? SegmentName.Ss : SegmentName.Ds);
}

function place(decoder: Decoder, op: Operation, usual: SegmentName): void {
  op.addressing = addressingOf(decoder, usual);
  const isOnStack =
    decoder.segment == 0 ? usual == SegmentName.Ss : decoder.segment == 1 + SegmentName.Ss;
  if (isOnStack) decoder.prefixes |= Prefix.StackSegment;
}
