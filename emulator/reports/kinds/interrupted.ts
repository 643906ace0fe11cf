import { baseName } from "../draft/frame-line.js";
import { nameMatcher } from "../no-culprits.js";
import type { Frame } from "../report.js";

/** Where an interrupt or an NMI enters the kernel: the frame behind it is what it interrupted. */
const isInterruptEntry =
  nameMatcher(`apic_timer_interrupt asm_sysvec_* end_repeat_nmi repeat_nmi nmi
  asm_exc_nmi ret_from_intr common_interrupt asm_common_interrupt reschedule_interrupt
  call_function_interrupt call_function_single_interrupt irq_work_interrupt xen_hypervisor_callback
  xen_do_hypervisor_callback hyperv_callback_vector`);

/** The frame that an interrupt's entry stands in front of, if there is one. */
function behindEntry(frames: readonly Frame[]): number {
  const entry = frames.findIndex(
    ({ symbol }) => symbol !== undefined && isInterruptEntry(baseName(symbol)),
  );
  return entry < 0 || entry + 1 >= frames.length ? -1 : entry + 1;
}

/**
 * The frames of the code that was interrupted: from the first instruction pointer of kernel
 * mode on, which the interrupt or the NMI saved; otherwise those behind its entry, or outside of
 * its stack.
 */
export function interruptedFrames(frames: readonly Frame[]): readonly Frame[] {
  const pointer = frames.findIndex(({ role }) => role === "instruction");
  if (pointer >= 0) return frames.slice(pointer);
  const behind = behindEntry(frames);
  if (behind >= 0) return frames.slice(behind);
  const onTask = frames.filter(({ stack }) => stack === "task");
  return onTask.length > 0 ? onTask : frames;
}

/**
 * Kernels until 4.8 find the interrupted instruction only by scanning the stack, and mark it
 * by `?` although it is right: the frames that this is true of.
 */
export function foundByScanning(frames: readonly Frame[]): ReadonlySet<Frame> {
  const traces = new Map<string, Frame[]>();
  for (const frame of frames) {
    const trace = traces.get(frame.trace);
    if (trace === undefined) traces.set(frame.trace, [frame]);
    else trace.push(frame);
  }
  const found = new Set<Frame>();
  for (const own of traces.values()) {
    if (own.some(({ role }) => role === "instruction")) continue;
    const frame = own[behindEntry(own)];
    if (frame?.address !== undefined) found.add(frame);
  }
  return found;
}
