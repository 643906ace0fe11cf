import { KernelSymbols } from "../debuginfo/kallsyms.js";
import type { Arch } from "../machine/machine.js";
import type { Images } from "./images.js";

export { formatPlace, KernelSymbols, type SymbolPlace } from "../debuginfo/kallsyms.js";

/**
 * Reads the list of a guest kernel's symbols. It is no part of a lab: only a report needs
 * it, and a page has to download it for that.
 * @throws LabError `image-missing` or `image-corrupt`
 */
export async function readKernelSymbols(
  images: Images,
  arch: Arch,
  signal?: AbortSignal,
): Promise<KernelSymbols> {
  const map = await images.source.gunzip(await images.read(`${arch}/kallsyms.gz`, signal));
  return new KernelSymbols(new TextDecoder().decode(map));
}
