import { X64Machine } from "../x64-machine.js";

/** Where the code of a {@link flatMachine} begins, which is also where RIP is. */
export const CODE = 0x10000;
/** The first address that is not mapped. */
export const UNMAPPED = 0x200000;

const RAM_BYTES = 4 << 20;

/** A machine whose first 2 MiB are where they are, at CPL 0, with exceptions intercepted. */
export async function flatMachine(
  module: WebAssembly.Module,
  code: readonly number[],
): Promise<X64Machine> {
  const machine = await X64Machine.create(module, RAM_BYTES);
  const { processor, ram } = machine;
  const view = new DataView(ram.buffer, ram.byteOffset);
  // One table of each level (SDM vol. 3A, 4.5), and one page.
  view.setUint32(0x1000, 0x2007, true);
  view.setUint32(0x2000, 0x3007, true);
  view.setUint32(0x3000, 0x0087, true);
  ram.set(code, CODE);
  processor.pageTables = 0x1000;
  processor.interceptsExceptions = true;
  processor.rip = BigInt(CODE);
  return machine;
}
