import { readSlow, updateSlow, writeScratch, writeSlow } from "../memory/access";
import { slowAddress } from "../memory/address";
import { Tlb } from "../memory/tlb";
import { After } from "./after";
import { EventKind } from "./event";
import { Machine } from "./machine";
import { Operation } from "./operation";
import { Segment, SegmentName } from "./segment";

/** Where the arrays behind the fields of {@link Processor} begin. */
export enum StateOffset {
  Segments = 768,
  Xmm = 1024,
  /** Eight registers of 16 bytes: significand (or MMX register), sign and exponent, 6 bytes free. */
  Float = 1280,
  /** What an operand in memory is read from or written to that has no single place there. */
  ReadScratch = 1408,
  WriteScratch = 1472,
  End = 1536,
}

/** The state of one processor. Its address is what the engine's functions know it by. */
@unmanaged
export class Processor {
  // In the order in which instructions number them.
  rax: u64;
  rcx: u64;
  rdx: u64;
  rbx: u64;
  rsp: u64;
  rbp: u64;
  rsi: u64;
  rdi: u64;
  r8: u64;
  r9: u64;
  r10: u64;
  r11: u64;
  r12: u64;
  r13: u64;
  r14: u64;
  r15: u64;
  /** Always 0: the base or the index that an address does not have. */
  zero: u64;
  /** While a block is executed: of its first instruction. */
  rip: u64;

  /** RFLAGS; of the arithmetic ones, what `lazyKind` says. */
  flags: u64;
  /** Of {@link Lazy}, how the arithmetic flags come of the three values. */
  lazyKind: u32;
  /** Set when the processor changes in a way that makes links between blocks invalid. */
  linkGeneration: u32;
  /** Sign-extended, as are the operands. */
  lazyResult: i64;
  lazyA: i64;
  lazyB: i64;

  /** How many instructions may still be executed before the run ends. */
  budget: i64;
  /** Executed since the processor was made; brought up to date when a run ends. */
  instructions: u64;

  machine: Machine;
  nextProcessor: Processor | null;
  /** The table for the present privilege: one of three that lie behind each other at `tlbs`. */
  tlb: usize;
  tlbs: usize;
  /** In which GiB, by their number modulo 64, parts of large pages may be in the TLB. */
  largePages: u64;
  /** Of {@link BlockMode}: what instructions are decoded for. */
  blockMode: u32;
  /** Of the last exception that was raised, until it is delivered. */
  faultVector: u32;
  faultError: u32;
  /** Whether `faultError` is pushed. */
  faultHasError: bool;
  /** It is for an address: of the stack's segment it is #SS in the place of #GP. */
  faultIsForAddress: bool;
  /** An instruction is executed by itself: what it touches is looked at, and its own code may change. */
  isCareful: bool;
  /** Exceptions end the run with `Stop.Exception` instead of being delivered to the guest. */
  interceptsExceptions: bool;
  /** Of {@link EventKind}: what the pending exception is. */
  faultKind: u32;
  /** Of an instruction that asked for its exception: the handler returns behind it. */
  faultLength: u32;
  /** Of {@link Stop}. */
  stop: u32;

  /** Of {@link Attention}: what has to be looked at before the next instruction; 0 is the usual. */
  attention: u32;
  /** Bits of DR6 that a debug exception will report: a trap that waits for its instruction's end. */
  debugPending: u32;
  /** The vector of the interrupt that waits, + 1; 0: none. */
  pendingInterrupt: u32;
  /** Of {@link Shadow}, as long as RIP is `shadowRip`. */
  shadow: u32;
  shadowRip: u64;
  nmiPending: bool;
  /** No NMI is delivered until the next IRET. */
  nmiBlocked: bool;
  /** The present instruction has decided itself whether a single step traps behind it. */
  hasDecidedTrap: bool;
  /** Exceptions and interrupts delivered since the processor was made. */
  deliveries: u32;
  /** The count of instructions when a string instruction was last left between two repetitions. */
  repeatedAt: u64;
  /** What `instructions` will be when the present run's budget is used up. */
  instructionsAtEnd: u64;

  cpl: u32;
  cr0: u32;
  cr4: u32;
  cr8: u32;
  efer: u32;
  cr2: u64;
  cr3: u64;
  dr0: u64;
  dr1: u64;
  dr2: u64;
  dr3: u64;
  dr6: u64;
  dr7: u64;

  gdtBase: u64;
  idtBase: u64;
  gdtLimit: u32;
  idtLimit: u32;

  star: u64;
  lstar: u64;
  cstar: u64;
  sfmask: u64;
  kernelGsBase: u64;
  sysenterCs: u64;
  sysenterEsp: u64;
  sysenterEip: u64;
  pat: u64;
  tscOffset: u64;
  tscAux: u64;
  apicBase: u64;

  mxcsr: u32;
  floatControl: u16;
  /** Without TOP. */
  floatStatus: u16;
  floatTop: u32;
  /** A bit for each register that is not empty, as FXSAVE has it. */
  floatTags: u8;
  floatOpcode: u16;
  floatCode: u64;
  floatData: u64;

  /** The decoder's, the cache of blocks' and the watchpoints' own state. */
  decoder: usize;
  blocks: usize;
  breakpoints: usize;
  watchpoints: usize;
  /** The run begins here: it is not ended by a breakpoint at its first instruction. */
  passesBreakpoint: bool;
  /** The block that is being executed, 0 between two. */
  currentBlock: usize;

  /** Where what was put into the write scratch belongs: 0 is nowhere. */
  scratchFirst: usize;
  scratchFirstBytes: usize;
  scratchSecond: usize;
  scratchSecondBytes: usize;
  /** See `counters.ts`. */
  pageWalks: u64;

  @inline register(number: u32): usize {
    return changetype<usize>(this) + ((<usize>number) << 3);
  }

  @inline xmm(number: u32): usize {
    return changetype<usize>(this) + StateOffset.Xmm + ((<usize>number) << 4);
  }

  /** Of the x87 unit's own numbering: ST(i) is `(floatTop + i) & 7`. */
  @inline float(number: u32): usize {
    return changetype<usize>(this) + StateOffset.Float + ((<usize>number) << 4);
  }

  @inline segment(name: SegmentName): Segment {
    return changetype<Segment>(
      changetype<usize>(this) + StateOffset.Segments + <usize>name * offsetof<Segment>(),
    );
  }

  @inline get ldt(): Segment {
    return this.segment(SegmentName.Ldtr);
  }

  @inline get tr(): Segment {
    return this.segment(SegmentName.Tr);
  }

  @inline get isLongCode(): bool {
    return (this.blockMode & 1) != 0;
  }

  /** The linear address of the operand in memory. Its faults come when it is used. */
  @inline address(op: Operation): u64 {
    return op.addressing != 0 ? slowAddress(this, op) : op.sum;
  }

  /** The same, where the segment is to be looked at for all of the operand's bytes. */
  @inline addressOf<T>(op: Operation, isWrite: bool): u64 {
    return this.addressOfBytes(op, sizeof<T>(), isWrite);
  }

  @inline addressOfBytes(op: Operation, size: u64, isWrite: bool): u64 {
    return op.addressing != 0 ? slowAddress(this, op, 0, size, isWrite) : op.sum;
  }

  /** Where `sizeof<T>()` bytes at a linear address can be read. @returns 0: a fault is pending */
  @inline readAt<T>(address: u64): usize {
    const entry = Tlb.entry(this.tlb, address);
    if (load<u64>(entry, Tlb.READ) == ((address + (sizeof<T>() - 1)) & ~0xfff)) {
      return <usize>address + load<u32>(entry, Tlb.ADDEND);
    }
    return readSlow(this, address, sizeof<T>());
  }

  /**
   * Where `sizeof<T>()` bytes at a linear address can be read and then be written, by
   * {@link written}. @returns 0: a fault is pending
   */
  @inline updateAt<T>(address: u64): usize {
    const entry = Tlb.entry(this.tlb, address);
    if (load<u64>(entry, Tlb.WRITE) == ((address + (sizeof<T>() - 1)) & ~0xfff)) {
      return <usize>address + load<u32>(entry, Tlb.ADDEND);
    }
    return updateSlow(this, address, sizeof<T>());
  }

  /** To be called when what {@link updateAt} gave has been written. It cannot fault. */
  @inline written(pointer: usize): void {
    if (pointer == changetype<usize>(this) + StateOffset.WriteScratch) writeScratch(this);
  }

  /** Writes to a linear address. @returns whether it has; otherwise a fault is pending */
  @inline writeAt<T>(address: u64, value: T): bool {
    const entry = Tlb.entry(this.tlb, address);
    if (load<u64>(entry, Tlb.WRITE) == ((address + (sizeof<T>() - 1)) & ~0xfff)) {
      store<T>(<usize>address + load<u32>(entry, Tlb.ADDEND), value);
      return true;
    }
    const pointer = writeSlow(this, address, sizeof<T>());
    if (pointer == 0) return false;
    store<T>(pointer, value);
    this.written(pointer);
    return true;
  }

  /** Where the source operand can be read. @returns 0: a fault is pending */
  @inline source<T>(op: Operation): usize {
    const source = op.source;
    return source != 0 ? source : this.readAt<T>(this.addressOf<T>(op, false));
  }

  /** Where the destination operand can be read, for who does not write it. @returns 0: a fault */
  @inline target<T>(op: Operation): usize {
    const destination = op.destination;
    return destination != 0 ? destination : this.readAt<T>(this.addressOf<T>(op, false));
  }

  /** Where the destination operand can be read and written, by {@link put}. @returns 0: a fault */
  @inline update<T>(op: Operation): usize {
    const destination = op.destination;
    return destination != 0 ? destination : this.updateAt<T>(this.addressOf<T>(op, true));
  }

  /** Writes the destination operand where {@link update} has found it. It cannot fault. */
  @inline put<T>(op: Operation, pointer: usize, value: T): i32 {
    if (op.destination != 0) {
      this.setRegister<T>(pointer, value);
    } else {
      store<T>(pointer, value);
      this.written(pointer);
    }
    return After.Next;
  }

  /** Writes the destination operand that was not read. */
  @inline write<T>(op: Operation, value: T): i32 {
    const destination = op.destination;
    if (destination != 0) this.setRegister<T>(destination, value);
    else if (!this.writeAt<T>(this.addressOf<T>(op, true), value)) return After.Fault;
    return After.Next;
  }

  /** 32 bits clear the upper half of a register, 8 and 16 leave the rest (SDM vol. 1, 3.4.1.1). */
  @inline setRegister<T>(pointer: usize, value: T): void {
    if (sizeof<T>() == 4) store<u64>(pointer, <u64>(<u32>value));
    else store<T>(pointer, value);
  }

  /** An exception is to be delivered in the place of the present instruction. */
  raise(vector: u32, error: u32 = 0): i32 {
    this.faultVector = vector;
    this.faultError = error;
    this.faultKind = EventKind.Fault;
    this.faultIsForAddress = false;
    this.faultHasError = vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
    return After.Fault;
  }
}
