import { writeGsym } from "../../../emulator/debuginfo/gsym/gsym-writer.js";
import { indexFunctions } from "../../../emulator/debuginfo/gsym/index-functions.js";
import { type DebugFile, openDebugFile } from "../../../emulator/debuginfo/index.js";

/**
 * Makes the compact index of a kernel's debug information that ships with its image:
 * emulator/debuginfo/gsym/FORMAT.md.
 *
 * @param vmlinux the bytes of the unstripped vmlinux
 * @throws if it has no debug information, or that is damaged
 */
export function makeKernelIndex(vmlinux: Uint8Array): Uint8Array {
  const file = openDebugFile(vmlinux);
  file.requireDebugInfo();
  const base = Math.min(...file.space.code.map(({ start }) => start));
  return writeGsym({
    // 64-bit kernels lie at the end of the address space, which counts as below 0.
    baseAddress: BigInt.asUintN(file.bits, BigInt(base)),
    uuid: buildIdBytes(file),
    ...indexFunctions(file, (section) => file.space.start(section) - base),
  });
}

function buildIdBytes({ buildId }: DebugFile): Uint8Array {
  return Uint8Array.from(Buffer.from(buildId ?? "", "hex"));
}
