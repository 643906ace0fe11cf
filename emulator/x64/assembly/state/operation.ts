/** Prefixes that an instruction can ask for. */
export enum Prefix {
  OperandSize = 1 << 0,
  Lock = 1 << 1,
  Repeat = 1 << 2,
  RepeatNotEqual = 1 << 3,
  /** The address size is not the mode's. */
  AddressSize = 1 << 4,
  Rex = 1 << 5,
  RexW = 1 << 6,
  /** Not asked for, but so: the operand in memory is in the stack's segment. */
  StackSegment = 1 << 7,
}

/** How the address of a memory operand is made (`Operation.addressing`). */
export enum Addressing {
  /** base + index * scale + displacement, in 64 bits, in a segment whose base is 0. */
  Flat64 = 0,
  /** Anything else: bits 0 to 3 say where the sum is cut off, bits 4 to 6 the segment + 1. */
  Truncate16 = 1,
  Truncate32 = 2,
  Whole = 3,
}

/**
 * An instruction as the decoder leaves it, for handlers and for whoever compiles hot blocks: all
 * that depends on its bytes is found out once.
 *
 * Operands are pointers. A register is the address of its bytes in the {@link Processor} (of AH to
 * BH: the second byte), an immediate is the address of `immediate` here, and an operand in memory
 * is 0: its address comes of `base`, `index`, `scale`, `displacement` and `addressing`.
 */
@unmanaged
export class Operation {
  /** Which case of the run's loop executes it; 0: its handler. */
  kind: u16;
  /** Index of its handler in the table of functions. */
  handler: u16;
  /** Offset of the following instruction from the block's first, in bytes. */
  next: u16;
  /** Of the instruction, in bytes. */
  length: u8;
  /** Of {@link Prefix}. */
  prefixes: u8;
  destination: usize;
  source: usize;
  /** Address of the register, of `Processor.zero` or of `Processor.rip`. */
  base: usize;
  index: usize;
  /** Of an address that is relative to RIP: from the block's first instruction. */
  displacement: i32;
  /** The power of two. */
  scale: u8;
  addressing: u8;
  /** The ModRM byte's middle field, with REX.R. */
  reg: u8;
  /** The ModRM byte's last field, with REX.B. */
  rm: u8;
  immediate: i64;
  /** The block that followed last time, as long as `linkGeneration` is the processor's. */
  link: usize;
  linkGeneration: u32;

  @inline get following(): Operation {
    return changetype<Operation>(changetype<usize>(this) + offsetof<Operation>());
  }

  /** base + index * scale + displacement, before a segment and a small address size count. */
  @inline get sum(): u64 {
    return (
      load<u64>(this.base) +
      (load<u64>(this.index) << (<u64>this.scale)) +
      <u64>(<i64>this.displacement)
    );
  }

  @inline has(prefix: Prefix): bool {
    return (this.prefixes & <u8>prefix) != 0;
  }
}
