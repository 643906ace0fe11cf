import { KernelIndex } from "../debuginfo/kernel-index.js";
import type { Arch } from "../machine/machine.js";
import type { Images } from "./images.js";

/** One read for all who ask: decoding it again would cost memory, downloading it again time. */
const reads = new WeakMap<Images, Map<Arch, Promise<KernelIndex>>>();

/**
 * Functions, lines and inlined calls of a guest's kernel. Nothing is read before the first
 * call, since only a report needs it and a page has to download 2.5 MB for that; later calls
 * get the same object.
 * @throws LabError `image-missing` or `image-corrupt`; GsymError for an index of another version.
 */
export function readKernelDebugInfo(images: Images, arch: Arch): Promise<KernelIndex> {
  let byArch = reads.get(images);
  if (byArch === undefined) {
    byArch = new Map();
    reads.set(images, byArch);
  }
  const known = byArch.get(arch);
  if (known !== undefined) return known;
  const read = readIndex(images, arch);
  byArch.set(arch, read);
  // What failed can be tried again: a network comes back.
  read.catch(() => reads.get(images)?.delete(arch));
  return read;
}

async function readIndex(images: Images, arch: Arch): Promise<KernelIndex> {
  return new KernelIndex(await images.source.gunzip(await images.read(`${arch}/kernel.gsym.gz`)));
}
