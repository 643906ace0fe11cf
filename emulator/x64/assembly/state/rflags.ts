/** Bits of RFLAGS (SDM vol. 1, 3.4.3). */
export enum Flag {
  Carry = 1 << 0,
  Reserved = 1 << 1,
  Parity = 1 << 2,
  Adjust = 1 << 4,
  Zero = 1 << 6,
  Sign = 1 << 7,
  Trap = 1 << 8,
  Interrupt = 1 << 9,
  Direction = 1 << 10,
  Overflow = 1 << 11,
  IoPrivilege = 3 << 12,
  NestedTask = 1 << 14,
  Resume = 1 << 16,
  Virtual8086 = 1 << 17,
  AlignmentCheck = 1 << 18,
  VirtualInterrupt = 1 << 19,
  VirtualInterruptPending = 1 << 20,
  Identification = 1 << 21,
}

/** Those that arithmetic sets: CF, PF, AF, ZF, SF, OF. */
export const ARITHMETIC: u32 = 0x8d5;
