import { HotKind } from "../hot/kinds";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export type Handler = (cpu: Processor, op: Operation) => i32;

/** The maps of opcodes (SDM vol. 2D, appendix A). */
export enum OpcodeMap {
  OneByte = 0,
  /** After 0F. */
  TwoByte = 1,
  /** After 0F 38. */
  ThreeByte38 = 2,
  /** After 0F 3A. */
  ThreeByte3a = 3,
  /** D8 to DF with a register: by the whole ModRM byte. The next seven are the ones of D9 to DF. */
  FloatD8 = 4,
  /** 0F 01 with a register: by the whole ModRM byte. */
  TwoByte01 = 12,
  Count = 13,
}

/** Which mandatory prefix an opcode has: a column of the map. F3 and F2 come before 66. */
export enum Column {
  None = 1 << 0,
  X66 = 1 << 1,
  XF3 = 1 << 2,
  XF2 = 1 << 3,
  /** None of them makes it another instruction. */
  Any = 15,
}

/** Whether the ModRM byte names a register or memory. */
export enum Form {
  Memory = 1 << 0,
  Register = 1 << 1,
  Any = 3,
}

/** What an operand is, as the manual's appendix A.2 names it. */
export enum Operand {
  None = 0,
  /** ModRM: general register or memory, of 16 to 64 bits, */
  E = 1,
  /** or of 8: without REX, 4 to 7 are AH to BH. */
  Eb = 2,
  /** ModRM's middle field: general register. */
  G = 3,
  Gb = 4,
  /** The opcode's low three bits: general register. */
  Z = 5,
  Zb = 6,
  /** rAX, AL. */
  Accumulator = 7,
  /** CL. */
  Cl = 8,
  /** DX. */
  Dx = 9,
  /** ModRM: an address in memory, whatever is there. */
  M = 10,
  /** An address in the instruction. */
  O = 11,
  /** The immediate. */
  I = 12,
  /** ModRM's middle field: XMM register; control register and debug register are `op.reg`. */
  V = 13,
  /** ModRM: XMM register or memory. */
  W = 14,
  /** ModRM's middle field: MMX register. */
  P = 15,
  /** ModRM: MMX register or memory. */
  Q = 16,
  /** XMM0, which some of SSE4.1 have without naming it. */
  Xmm0 = 17,
  /** DS:rSI of string instructions; another segment by its prefix. */
  X = 18,
  /** ES:rDI of string instructions: no prefix changes its segment. */
  Y = 19,
  /** DS:rBX of XLAT; another segment by its prefix. */
  B = 20,
  /** DS:rDI of MASKMOVQ and MASKMOVDQU; another segment by its prefix. */
  D = 21,
}

/** What follows as an immediate. */
export enum Immediate {
  None = 0,
  /** 8 bits, sign-extended. */
  I8 = 1,
  /** 8 bits. */
  U8 = 2,
  /** 16 bits. */
  U16 = 3,
  /** As wide as the operands; of 64 bits the lower 32, sign-extended. */
  Z = 4,
  /** As wide as the operands. */
  V = 5,
  /** ENTER's two: the second lies in bits 16 to 23. */
  Enter = 6,
  /** A pointer of selector and offset, in code that is not 64-bit: the selector from bit 32. */
  Far = 7,
}

export enum Attribute {
  /** LOCK is allowed with a destination in memory. */
  Lockable = 1 << 0,
  /** In 64-bit code operands have 64 bits, or 16. */
  Default64 = 1 << 1,
  /** In 64-bit code operands have 64 bits. */
  Force64 = 1 << 2,
  /** #UD in 64-bit code. */
  Not64 = 1 << 3,
  /** A block ends with it. */
  EndsBlock = 1 << 4,
  /** #GP(0) if CPL is not 0. */
  Privileged = 1 << 5,
  /** An operand in memory is to be aligned at 16 bytes, otherwise #GP(0). */
  Aligned = 1 << 6,
  /** Operands have 32 bits, or 64 with REX.W: 66 says which instruction it is. */
  No16 = 1 << 7,
  /** The middle field of ModRM is a part of the opcode, or of an operand. */
  HasModRm = 1 << 8,
  /** The opcode's low four bits are a condition: it is in `op.reg`. */
  Condition = 1 << 9,
}

/** An instruction's row in the table. */
@unmanaged
export class Row {
  destination: u8;
  sourceOperand: u8;
  immediateKind: u8;
  /** Of {@link HotKind}: the first of the cases that the loop has for it. */
  hotCases: u8;
  attributes: u16;
  /** Indices in the table of functions, by the operands' width: 8, 16, 32, 64 bits. */
  handler8: u16;
  handler16: u16;
  handler32: u16;
  handler64: u16;
  /** Whether the operand size matters; otherwise operands have 8 bits, or their own width. */
  isSized: bool;

  /** Destination and source. */
  of(destination: Operand, source: Operand = Operand.None, immediate: Immediate = 0): Row {
    this.destination = <u8>destination;
    this.sourceOperand = <u8>source;
    this.immediateKind = <u8>immediate;
    return this;
  }

  with(attributes: u32): Row {
    this.attributes |= <u16>attributes;
    return this;
  }

  /** One handler, whatever the operand size is. */
  does(handler: Handler): Row {
    const index = <u16>handler.index;
    this.handler8 = index;
    this.handler16 = index;
    this.handler32 = index;
    this.handler64 = index;
    return this;
  }

  /** One for each operand size of 16, 32 and 64 bits. */
  sizes(handler16: Handler, handler32: Handler, handler64: Handler): Row {
    this.isSized = true;
    this.handler8 = <u16>handler32.index;
    this.handler16 = <u16>handler16.index;
    this.handler32 = <u16>handler32.index;
    this.handler64 = <u16>handler64.index;
    return this;
  }
}

/** Digits of ModRM's middle field, as a set; {@link ANY_DIGIT} is all. */
export const ANY_DIGIT: i32 = -1;

const COLUMNS: i32 = 4;
const MOST_ROWS: u32 = 2048;
/** For each map, opcode, column, digit and form the number of its row; 0: #UD. */
const slots = memory.data(13 * 256 * 64 * 2, 16);
/** For each map and opcode whether a ModRM byte follows. */
const modRm = memory.data(13 * 256, 16);
const rows = memory.data(2048 * 16, 16);
let rowCount: u32 = 0;

/**
 * Names an instruction: what it is to be known by.
 * @param digit of the ModRM byte, `/0` to `/7` in the manual
 */
export function opcode(
  map: OpcodeMap,
  byte: i32,
  column: Column = Column.Any,
  digit: i32 = ANY_DIGIT,
  form: Form = Form.Any,
): Row {
  rowCount++;
  assert(rowCount < MOST_ROWS);
  for (let c = 0; c < COLUMNS; c++) {
    if ((column & (1 << c)) == 0) continue;
    for (let d = 0; d < 8; d++) {
      if (digit != ANY_DIGIT && digit != d) continue;
      for (let f = 0; f < 2; f++) {
        if ((form & (1 << f)) == 0) continue;
        store<u16>(slotOf(map, byte, c, d, f), <u16>rowCount);
      }
    }
  }
  if (digit != ANY_DIGIT || form != Form.Any) markModRm(map, byte);
  return changetype<Row>(rows + rowCount * 16);
}

function markModRm(map: OpcodeMap, byte: i32): void {
  store<u8>(modRm + map * 256 + byte, 1);
}

/** After all rows have their operands: finds out which opcodes have a ModRM byte. */
export function finishMaps(): void {
  for (let map = 0; map < OpcodeMap.Count; map++) {
    for (let byte = 0; byte < 256; byte++) {
      for (let c = 0; c < COLUMNS; c++) {
        const row = rowAt(load<u16>(slotOf(map, byte, c, 0, 0)));
        if (row !== null && needsModRm(row)) markModRm(map, byte);
      }
    }
  }
}

function needsModRm(row: Row): bool {
  return (
    (row.attributes & Attribute.HasModRm) != 0 ||
    isOfModRm(row.destination) ||
    isOfModRm(row.sourceOperand)
  );
}

function isOfModRm(operand: i32): bool {
  switch (operand) {
    case Operand.None:
    case Operand.Z:
    case Operand.Zb:
    case Operand.Accumulator:
    case Operand.Cl:
    case Operand.Dx:
    case Operand.O:
    case Operand.I:
    case Operand.Xmm0:
    case Operand.X:
    case Operand.Y:
    case Operand.B:
      return false;
    default:
      return true;
  }
}

export function hasModRm(map: i32, byte: i32): bool {
  return load<u8>(modRm + map * 256 + byte) != 0;
}

export function findRow(map: i32, byte: i32, column: i32, digit: i32, form: i32): Row | null {
  return rowAt(load<u16>(slotOf(map, byte, column, digit, form)));
}

function rowAt(number: i32): Row | null {
  return number == 0 ? null : changetype<Row>(rows + number * 16);
}

function slotOf(map: i32, byte: i32, column: i32, digit: i32, form: i32): usize {
  return slots + <usize>((((map * 256 + byte) * COLUMNS + column) * 8 + digit) * 2 + form) * 2;
}
