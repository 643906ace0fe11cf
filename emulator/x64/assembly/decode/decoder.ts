// SDM vol. 2A, chapter 2: the format of instructions.
import { BlockMode } from "../blocks/block";
import { hotKindOf } from "../hot/choose";
import { GeneralRegister } from "../state/general-register";
import { Addressing, Operation, Prefix } from "../state/operation";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { raiseInvalidOpcode, raisePrivilege, raiseTooLong } from "./bad-instructions";
import { BytesFailure, InstructionBytes } from "./instruction-bytes";
import { decodeMemory } from "./memory-operand";
import {
  Attribute,
  Column,
  findRow,
  Handler,
  hasModRm,
  Immediate,
  OpcodeMap,
  Operand,
  Row,
} from "./opcode-map";

/** What was found out about the present instruction. */
@unmanaged
export class Decoder {
  bytes: InstructionBytes;
  cpu: Processor;
  mode: u32;
  rex: u32;
  /** Of {@link Prefix}. */
  prefixes: u32;
  /** `SegmentName` + 1 of a segment prefix that counts, or 0. */
  segment: u32;
  /** 0: none, 2 or 3: F2 or F3, the last one. */
  repeat: u32;
  modRm: u32;
  /** 16, 32 or 64. */
  addressBits: u32;
  /** 1 for 16 bits, 2 for 32, 3 for 64. */
  operandSize: u32;
}

/** How an instruction was decoded. */
export enum Decoded {
  /** Another one may follow in the block. */
  Whole = 0,
  /** It ends the block. */
  Last = 1,
  /** It is not there: a fault is pending, which comes when it would be executed. */
  Missing = 2,
}

/**
 * Decodes the instruction where `bytes` stands.
 * @param offset of it from the block's first instruction, in bytes
 */
export function decode(decoder: Decoder, op: Operation, offset: u32): Decoded {
  const cpu = decoder.cpu;
  const bytes = decoder.bytes;
  memory.fill(changetype<usize>(op), 0, offsetof<Operation>());
  bytes.begin();
  const byte = readPrefixes(decoder);
  let map: u32 = OpcodeMap.OneByte;
  let code = byte;
  if (byte == 0x0f) {
    map = OpcodeMap.TwoByte;
    code = bytes.byte(cpu);
    if (code == 0x38 || code == 0x3a) {
      map = code == 0x38 ? OpcodeMap.ThreeByte38 : OpcodeMap.ThreeByte3a;
      code = bytes.byte(cpu);
    }
  }
  let digit: u32 = 0;
  let form: u32 = 0;
  if (hasModRm(map, code)) {
    let modRm = bytes.byte(cpu);
    // MOV to and from control and debug registers ignores mod (SDM vol. 2B, MOV).
    if (map == OpcodeMap.TwoByte && (code & 0xfc) == 0x20) modRm |= 0xc0;
    decoder.modRm = modRm;
    digit = (modRm >> 3) & 7;
    form = modRm >= 0xc0 ? 1 : 0;
    if (form == 1) {
      const whole = mapOfWholeModRm(map, code);
      if (whole != 0) {
        map = whole;
        code = modRm;
      }
    }
    op.reg = <u8>(digit | ((decoder.rex & 4) << 1));
    op.rm = <u8>((modRm & 7) | ((decoder.rex & 1) << 3));
  }
  const row = findRow(map, code, columnOf(decoder), digit, form);
  const isLong = (decoder.mode & BlockMode.Long) != 0;
  if (row === null || (isLong && (row.attributes & Attribute.Not64) != 0)) {
    return finish(decoder, op, offset, raiseInvalidOpcode);
  }
  decoder.operandSize = operandSizeOf(decoder, row);
  op.handler = handlerOf(row, decoder.operandSize);
  op.destination = operand(decoder, op, row, row.destination, code);
  op.source = operand(decoder, op, row, row.sourceOperand, code);
  if (form == 0 && hasModRm(map, code)) decodeMemory(decoder, op);
  if ((row.attributes & Attribute.Condition) != 0) op.reg = <u8>(code & 15);
  readImmediate(decoder, op, row);
  op.prefixes = <u8>decoder.prefixes;
  const isLocked = (decoder.prefixes & Prefix.Lock) != 0;
  const mayLock = (row.attributes & Attribute.Lockable) != 0 && form == 0;
  if (isLocked && !mayLock) return finish(decoder, op, offset, raiseInvalidOpcode);
  if (
    (row.attributes & Attribute.Privileged) != 0 &&
    (decoder.mode & BlockMode.Unprivileged) != 0
  ) {
    return finish(decoder, op, offset, raisePrivilege);
  }
  const decoded = finish(decoder, op, offset, null);
  if (decoded != Decoded.Whole) return decoded;
  if (isLong) {
    const width: u32 = row.isSized ? decoder.operandSize : 0;
    op.kind = hotKindOf(op, row.hotCases, width, form == 0 && hasModRm(map, code));
  }
  return (row.attributes & Attribute.EndsBlock) != 0 ? Decoded.Last : Decoded.Whole;
}

/** Notes the length; what RIP is added to becomes relative to the block's first instruction. */
function finish(decoder: Decoder, op: Operation, offset: u32, bad: Handler | null): Decoded {
  const bytes = decoder.bytes;
  if (bytes.failure == BytesFailure.Fault) return Decoded.Missing;
  op.length = <u8>bytes.count;
  op.next = <u16>(offset + bytes.count);
  if (op.base == changetype<usize>(decoder.cpu) + offsetof<Processor>("rip")) {
    op.displacement += <i32>(offset + bytes.count);
  }
  if (bytes.failure == BytesFailure.TooLong) bad = raiseTooLong;
  if (bad === null) return Decoded.Whole;
  op.handler = <u16>bad.index;
  return Decoded.Last;
}

/** @returns the first byte that is no prefix */
function readPrefixes(decoder: Decoder): u32 {
  const cpu = decoder.cpu;
  const bytes = decoder.bytes;
  const isLong = (decoder.mode & BlockMode.Long) != 0;
  decoder.rex = 0;
  decoder.segment = 0;
  decoder.repeat = 0;
  let prefixes: u32 = 0;
  let byte: u32;
  for (;;) {
    byte = bytes.byte(cpu);
    // A REX prefix counts only directly before the opcode (SDM vol. 2A, 2.2.1).
    if (isLong && (byte & 0xf0) == 0x40) {
      decoder.rex = byte;
      continue;
    }
    if (!readPrefix(decoder, byte, isLong)) break;
    decoder.rex = 0;
    if (byte == 0x66) prefixes |= Prefix.OperandSize;
    else if (byte == 0x67) prefixes |= Prefix.AddressSize;
    else if (byte == 0xf0) prefixes |= Prefix.Lock;
    if (bytes.failure != BytesFailure.None) break;
  }
  if (decoder.repeat == 3) prefixes |= Prefix.Repeat;
  else if (decoder.repeat == 2) prefixes |= Prefix.RepeatNotEqual;
  if (decoder.rex != 0) prefixes |= Prefix.Rex;
  if ((decoder.rex & 8) != 0) prefixes |= Prefix.RexW;
  decoder.prefixes = prefixes;
  const isOther = (prefixes & Prefix.AddressSize) != 0;
  if (isLong) decoder.addressBits = isOther ? 32 : 64;
  else decoder.addressBits = ((decoder.mode & BlockMode.Default32) != 0) != isOther ? 32 : 16;
  return byte;
}

/** @returns whether the byte is a prefix other than REX */
function readPrefix(decoder: Decoder, byte: u32, isLong: bool): bool {
  switch (byte) {
    case 0x66:
    case 0x67:
    case 0xf0:
      return true;
    case 0xf2:
      decoder.repeat = 2;
      return true;
    case 0xf3:
      decoder.repeat = 3;
      return true;
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
      // 64-bit code ignores them: they do not take back FS or GS.
      if (!isLong) decoder.segment = 1 + ((byte >> 3) & 3);
      return true;
    case 0x64:
      decoder.segment = 1 + SegmentName.Fs;
      return true;
    case 0x65:
      decoder.segment = 1 + SegmentName.Gs;
      return true;
    default:
      return false;
  }
}

function mapOfWholeModRm(map: u32, code: u32): u32 {
  if (map == OpcodeMap.OneByte && code >= 0xd8 && code <= 0xdf) {
    return OpcodeMap.FloatD8 + (code - 0xd8);
  }
  return map == OpcodeMap.TwoByte && code == 0x01 ? <u32>OpcodeMap.TwoByte01 : 0;
}

/** The number of the column, in the order of {@link Column}. */
function columnOf(decoder: Decoder): u32 {
  if (decoder.repeat != 0) return decoder.repeat == 3 ? 2 : 3;
  return (decoder.prefixes & Prefix.OperandSize) != 0 ? 1 : 0;
}

function operandSizeOf(decoder: Decoder, row: Row): u32 {
  const attributes = row.attributes;
  const isSmall = (decoder.prefixes & Prefix.OperandSize) != 0;
  if ((decoder.mode & BlockMode.Long) == 0) {
    if ((attributes & Attribute.No16) != 0) return 2;
    return ((decoder.mode & BlockMode.Default32) != 0) != isSmall ? 2 : 1;
  }
  if ((decoder.rex & 8) != 0 || (attributes & Attribute.Force64) != 0) return 3;
  if (isSmall && (attributes & Attribute.No16) == 0) return 1;
  return (attributes & Attribute.Default64) != 0 ? 3 : 2;
}

function handlerOf(row: Row, operandSize: u32): u16 {
  switch (operandSize) {
    case 1:
      return row.handler16;
    case 2:
      return row.handler32;
    default:
      return row.handler64;
  }
}

/** @returns where an operand is, 0 for one in memory and where there is none */
function operand(decoder: Decoder, op: Operation, row: Row, kind: i32, code: i32): usize {
  const cpu = decoder.cpu;
  const isMemory = decoder.modRm < 0xc0;
  switch (kind) {
    case Operand.E:
      return isMemory ? 0 : cpu.register(op.rm);
    case Operand.Eb:
      return isMemory ? 0 : byteRegister(decoder, op.rm);
    case Operand.G:
      return cpu.register(op.reg);
    case Operand.Gb:
      return byteRegister(decoder, op.reg);
    case Operand.Z:
      return cpu.register((code & 7) | ((decoder.rex & 1) << 3));
    case Operand.Zb:
      return byteRegister(decoder, (code & 7) | ((decoder.rex & 1) << 3));
    case Operand.Accumulator:
      return cpu.register(0);
    case Operand.Cl:
      return cpu.register(1);
    case Operand.Dx:
      return cpu.register(2);
    case Operand.O:
      readOffset(decoder, op);
      return 0;
    case Operand.I:
      return changetype<usize>(op) + offsetof<Operation>("immediate");
    case Operand.V:
      return cpu.xmm(op.reg);
    case Operand.W:
      return isMemory ? 0 : cpu.xmm(op.rm);
    case Operand.P:
      return cpu.float(op.reg & 7);
    case Operand.Q:
      return isMemory ? 0 : cpu.float(op.rm & 7);
    case Operand.Xmm0:
      return cpu.xmm(0);
    case Operand.X:
      implicitMemory(decoder, op, GeneralRegister.Rsi);
      return 0;
    case Operand.Y:
      op.base = cpu.register(GeneralRegister.Rdi);
      op.index = changetype<usize>(cpu) + offsetof<Processor>("zero");
      op.addressing = addressingOfExtra(decoder);
      return 0;
    case Operand.B:
      implicitMemory(decoder, op, GeneralRegister.Rbx);
      return 0;
    case Operand.D:
      implicitMemory(decoder, op, GeneralRegister.Rdi);
      return 0;
    default:
      return 0;
  }
}

/** Without REX, 4 to 7 are AH, CH, DH and BH (SDM vol. 1, 3.4.1.1). */
function byteRegister(decoder: Decoder, number: u32): usize {
  const isHigh = decoder.rex == 0 && number >= 4 && number < 8;
  return isHigh ? decoder.cpu.register(number - 4) + 1 : decoder.cpu.register(number);
}

/** An operand whose address stands in the instruction. */
function readOffset(decoder: Decoder, op: Operation): void {
  const cpu = decoder.cpu;
  const bytes = decoder.bytes;
  op.immediate = <i64>(
    (decoder.addressBits == 64
      ? bytes.quadword(cpu)
      : decoder.addressBits == 32
        ? <u64>bytes.doubleword(cpu)
        : <u64>bytes.word(cpu))
  );
  op.base = changetype<usize>(op) + offsetof<Operation>("immediate");
  op.index = changetype<usize>(cpu) + offsetof<Processor>("zero");
  placeInData(decoder, op);
}

/** An operand whose address is in a register that the opcode implies, in DS or where a prefix says. */
function implicitMemory(decoder: Decoder, op: Operation, register: u32): void {
  op.base = decoder.cpu.register(register);
  op.index = changetype<usize>(decoder.cpu) + offsetof<Processor>("zero");
  placeInData(decoder, op);
}

/** The segment of an operand without a ModRM byte. */
function placeInData(decoder: Decoder, op: Operation): void {
  op.addressing = addressingOf(decoder, SegmentName.Ds);
  if (decoder.segment == 1 + SegmentName.Ss) decoder.prefixes |= Prefix.StackSegment;
}

/** @param usual the segment where no prefix names one */
export function addressingOf(decoder: Decoder, usual: SegmentName): u8 {
  return addressingIn(decoder, decoder.segment, usual);
}

/** Of what is always in ES (SDM vol. 1, 3.7.4). */
function addressingOfExtra(decoder: Decoder): u8 {
  return addressingIn(decoder, 0, SegmentName.Es);
}

/** @param segment its number + 1; 0: the usual one */
function addressingIn(decoder: Decoder, segment: u32, usual: SegmentName): u8 {
  if (segment == 0 && (decoder.mode & BlockMode.Segmented) != 0) segment = 1 + usual;
  const whole = segment == 0 ? <u32>Addressing.Flat64 : <u32>Addressing.Whole;
  const cut =
    decoder.addressBits == 64
      ? whole
      : decoder.addressBits == 32
        ? <u32>Addressing.Truncate32
        : <u32>Addressing.Truncate16;
  return <u8>(cut | (segment << 4));
}

function readImmediate(decoder: Decoder, op: Operation, row: Row): void {
  const cpu = decoder.cpu;
  const bytes = decoder.bytes;
  switch (<i32>row.immediateKind) {
    case Immediate.I8:
      op.immediate = <i64>(<i8>bytes.byte(cpu));
      break;
    case Immediate.U8:
      op.immediate = bytes.byte(cpu);
      break;
    case Immediate.U16:
      op.immediate = bytes.word(cpu);
      break;
    case Immediate.Z:
      op.immediate =
        decoder.operandSize == 1 ? <i64>(<i16>bytes.word(cpu)) : <i64>(<i32>bytes.doubleword(cpu));
      break;
    case Immediate.V:
      if (decoder.operandSize == 3) op.immediate = <i64>bytes.quadword(cpu);
      else op.immediate = decoder.operandSize == 2 ? bytes.doubleword(cpu) : bytes.word(cpu);
      break;
    case Immediate.Enter:
      op.immediate = bytes.word(cpu);
      op.immediate |= (<i64>bytes.byte(cpu)) << 16;
      break;
    case Immediate.Far:
      op.immediate = decoder.operandSize == 1 ? bytes.word(cpu) : bytes.doubleword(cpu);
      op.immediate |= (<i64>bytes.word(cpu)) << 32;
      break;
    default:
  }
}
