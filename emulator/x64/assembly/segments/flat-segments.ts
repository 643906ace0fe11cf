// What SYSCALL, SYSRET, SYSENTER and SYSEXIT load into CS and SS: no descriptor is looked at.
import { updateMode } from "../state/mode";
import { Processor } from "../state/processor";
import { Segment, SegmentBits, SegmentName } from "../state/segment";

export enum FlatCode {
  /** 64-bit code. */
  Long = 0,
  /** 32-bit code. */
  Compatible = 1,
}

const COMMON: u32 =
  SegmentBits.Present |
  SegmentBits.NotSystem |
  SegmentBits.Writable |
  SegmentBits.Accessed |
  SegmentBits.Granularity;

/**
 * @param selector of CS
 * @param stack how far behind it the one of SS is
 */
export function enterFlatCode(
  cpu: Processor,
  selector: u32,
  stack: u32,
  cpl: u32,
  kind: FlatCode,
): void {
  const size: u32 = kind == FlatCode.Long ? SegmentBits.Long : SegmentBits.Big;
  fill(cpu.segment(SegmentName.Cs), selector, COMMON | SegmentBits.Code | size, cpl);
  fill(cpu.segment(SegmentName.Ss), selector + stack, COMMON | SegmentBits.Big, cpl);
  cpu.cpl = cpl;
  updateMode(cpu);
}

function fill(segment: Segment, selector: u32, attributes: u32, privilege: u32): void {
  segment.base = 0;
  segment.limit = 0xffffffff;
  segment.selector = <u16>selector;
  segment.attributes = <u16>(attributes | (privilege << 5));
}
