/**
 * The instructions that programs spend their time in have cases of their own in the loop that
 * executes blocks (`hot/execute.ts`), for their usual forms. They do what their handlers do.
 *
 * A row of the opcode maps names one of these; with the width and the form of the operands it gives
 * the number of the case, `Operation.kind`.
 */
export enum Hot {
  None = 0,
  // Two operands, of 8, 32 or 64 bits: register and register or immediate, register and memory,
  // memory and register or immediate.
  Move = 1,
  Add = 2,
  Subtract = 3,
  And = 4,
  Or = 5,
  Xor = 6,
  Compare = 7,
  Test = 8,
  // The source is narrower than the destination, which has 32 or 64 bits.
  ZeroExtend8 = 9,
  ZeroExtend16 = 10,
  SignExtend8 = 11,
  SignExtend16 = 12,
  SignExtend32 = 13,
  // A register of 32 or 64 bits.
  LoadAddress = 14,
  Increment = 15,
  Decrement = 16,
  // A register of 32 or 64 bits, and a count.
  ShiftLeft = 17,
  ShiftRight = 18,
  ShiftRightSigned = 19,
  // 64-bit code, a register.
  Push = 20,
  Pop = 21,
  // 64-bit code; these end a block.
  Jump = 22,
  Call = 23,
  Return = 24,
  /** The last, since it has a case for each of the 16 conditions. */
  JumpIf = 25,
}

/** The forms of a two-operand instruction, as numbers in its kind. */
export enum HotForm {
  Register = 0,
  Load = 1,
  Store = 2,
}

/** Cases of one {@link Hot} have consecutive numbers: 4 for each width of 8, 32 and 64 bits. */
export const KINDS_PER_HOT: i32 = 12;
