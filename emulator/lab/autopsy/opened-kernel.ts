import type { DebugInfo } from "../../debuginfo/index.js";
import { Btf, type StackTrace, StoppedKernel, SystemMap } from "../../guest/index.js";
import type { Machine } from "../../machine/machine.js";
import type { Images } from "../images.js";
import { readKernelDebugInfo } from "../kernel-debug-info.js";
import type { CaptureParts } from "./capture.js";
import { DataSymbols } from "./data-symbols.js";
import { machineBeforeInterrupt } from "./interrupted-machine.js";

/** What a guest's kernel is read with. */
export interface OpenedKernel extends Omit<CaptureParts, "moduleFiles"> {
  /** Lines of its code; undefined where they cannot be had. */
  lines(): Promise<DebugInfo | undefined>;
  /** What the processor does, or did when an interrupt came in just now. */
  processorStack(): StackTrace;
}

/**
 * Reads the types and symbols of the images' kernel: 0.9 MB that nobody needs before the first
 * module, and then before it is loaded.
 * @throws LabError `image-missing` or `image-corrupt`; GuestError `bad-btf`
 */
export async function openKernel(images: Images, machine: Machine): Promise<OpenedKernel> {
  const read = async (name: string): Promise<Uint8Array> =>
    images.source.gunzip(await images.read(`${machine.arch}/${name}`));
  const [map, btf] = await Promise.all([read("kallsyms.gz"), read("kernel.btf.gz")]);
  const text = new TextDecoder().decode(map);
  const symbols = new SystemMap(text);
  const types = new Btf(btf);
  const kernel = new StoppedKernel({ machine, types, symbols });
  let data: DataSymbols | undefined;
  return {
    machine,
    types,
    symbols,
    // 20 ms, and only a lock of the kernel's own is named by them.
    data: () => (data ??= new DataSymbols(text)),
    kernel,
    processorStack: () => kernel.on(machineBeforeInterrupt(machine, kernel)).stack(),
    // A frame without its line is better than no autopsy.
    lines: () => readKernelDebugInfo(images, machine.arch).catch(() => undefined),
  };
}
