import { Segment, SegmentBits } from "../state/segment";

/** Of system segments and gates, with S clear (SDM vol. 3A, table 3-2, IA-32e mode). */
export enum DescriptorType {
  LocalTable = 2,
  AvailableTask = 9,
  BusyTask = 11,
  CallGate = 12,
  InterruptGate = 14,
  TrapGate = 15,
}

/** Reads the fields of a descriptor's first 8 bytes (SDM vol. 3A, 3.4.5, 5.8.3.1 and 6.14.1). */
export class Descriptor {
  /** As `Segment.attributes`. */
  @inline static attributes(descriptor: u64): u32 {
    return <u32>(descriptor >> 40) & 0xf0ff;
  }

  /** The type of a system descriptor; one of code or data is none of {@link DescriptorType}. */
  @inline static systemType(descriptor: u64): u32 {
    return <u32>(descriptor >> 40) & 0x1f;
  }

  @inline static privilege(descriptor: u64): u32 {
    return <u32>(descriptor >> 45) & 3;
  }

  @inline static isPresent(descriptor: u64): bool {
    return <i64>(descriptor << 16) < 0;
  }

  @inline static isNotSystem(descriptor: u64): bool {
    return (Descriptor.attributes(descriptor) & SegmentBits.NotSystem) != 0;
  }

  @inline static isCode(descriptor: u64): bool {
    const code = SegmentBits.NotSystem | SegmentBits.Code;
    return (Descriptor.attributes(descriptor) & code) == code;
  }

  /** Of a code segment. */
  @inline static isConforming(descriptor: u64): bool {
    return (Descriptor.attributes(descriptor) & SegmentBits.Conforming) != 0;
  }

  /** Data that can be written. */
  @inline static isWritableData(descriptor: u64): bool {
    const relevant = SegmentBits.NotSystem | SegmentBits.Code | SegmentBits.Writable;
    const writable = SegmentBits.NotSystem | SegmentBits.Writable;
    return (Descriptor.attributes(descriptor) & relevant) == writable;
  }

  /** Data, or code that can be read. */
  @inline static isReadable(descriptor: u64): bool {
    const attributes = Descriptor.attributes(descriptor);
    if ((attributes & SegmentBits.NotSystem) == 0) return false;
    return (attributes & SegmentBits.Code) == 0 || (attributes & SegmentBits.Writable) != 0;
  }

  /** Of a code segment: L is set, and D is not. */
  @inline static is64Bit(descriptor: u64): bool {
    const size = Descriptor.attributes(descriptor) & (SegmentBits.Long | SegmentBits.Big);
    return size == <u32>SegmentBits.Long;
  }

  /** Of a code segment: L and D are set, which is reserved. */
  @inline static hasBadSize(descriptor: u64): bool {
    const both = SegmentBits.Long | SegmentBits.Big;
    return (Descriptor.attributes(descriptor) & both) == both;
  }

  /** The lower 32 bits. */
  @inline static base(descriptor: u64): u64 {
    return ((descriptor >> 16) & 0xffffff) | ((descriptor >> 32) & 0xff000000);
  }

  /** In bytes: of the last one. */
  static limit(descriptor: u64): u32 {
    const limit = <u32>((descriptor & 0xffff) | ((descriptor >> 32) & 0xf0000));
    const isInPages = (Descriptor.attributes(descriptor) & SegmentBits.Granularity) != 0;
    return isInPages ? (limit << 12) | 0xfff : limit;
  }

  @inline static gateSelector(gate: u64): u32 {
    return <u32>(gate >> 16) & 0xffff;
  }

  /** @param upper the gate's third doubleword */
  @inline static gateOffset(gate: u64, upper: u32): u64 {
    return (gate & 0xffff) | ((gate >> 32) & 0xffff0000) | ((<u64>upper) << 32);
  }

  /** The number of the interrupt stack table's entry; 0: none. */
  @inline static interruptStack(gate: u64): u32 {
    return <u32>(gate >> 32) & 7;
  }

  /** Loads a segment register. */
  static fill(segment: Segment, selector: u16, descriptor: u64): void {
    segment.base = Descriptor.base(descriptor);
    segment.limit = Descriptor.limit(descriptor);
    segment.selector = selector;
    segment.attributes = <u16>(Descriptor.attributes(descriptor) | SegmentBits.Accessed);
  }

  /** Loads it with a null selector. */
  static fillNull(segment: Segment, selector: u16): void {
    segment.base = 0;
    segment.limit = 0;
    segment.selector = selector;
    segment.attributes = 0;
  }
}
