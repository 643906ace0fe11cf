import { Btf, StoppedKernel, SystemMap } from "../../guest/index.js";
import type { Machine } from "../../machine/machine.js";
import type { Images } from "../images.js";

/**
 * Opens the images' kernel in a machine, to be read while it stands still.
 * @throws LabError `image-missing` or `image-corrupt`; GuestError `bad-btf`
 */
export async function openStoppedKernel(images: Images, machine: Machine): Promise<StoppedKernel> {
  const read = async (name: string): Promise<Uint8Array> =>
    images.source.gunzip(await images.read(`${machine.arch}/${name}`));
  const [symbols, types] = await Promise.all([read("kallsyms.gz"), read("kernel.btf.gz")]);
  return new StoppedKernel({
    machine,
    types: new Btf(types),
    symbols: new SystemMap(new TextDecoder().decode(symbols)),
  });
}
