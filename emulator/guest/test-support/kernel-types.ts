import { unpackModules } from "../../bench/modules.js";
import { Images } from "../../lab/images.js";
import type { Lab } from "../../lab/lab.js";
// This file is for tests alone, which run in Node.
// biome-ignore lint/style/noRestrictedImports: see above
import { nodeImageSource } from "../../node/image-source.js";
// biome-ignore lint/style/noRestrictedImports: as above
import { bootLab } from "../../node/index.js";
import { Btf, StoppedKernel, SystemMap } from "../index.js";

/** The committed images' file, unpacked. */
export async function readPackedImage(path: string): Promise<Uint8Array> {
  const images = await Images.open(nodeImageSource());
  return images.source.gunzip(await images.read(path));
}

/** What the kernel of a lab is read with; made once for all tests of a file. */
export async function readKernel(): Promise<{
  readonly types: Btf;
  readonly symbols: SystemMap;
  readonly of: (machine: Lab["machine"]) => StoppedKernel;
}> {
  const types = new Btf(await readPackedImage("i686/kernel.btf.gz"));
  const text = new TextDecoder().decode(await readPackedImage("i686/kallsyms.gz"));
  const symbols = new SystemMap(text);
  return { types, symbols, of: (machine) => new StoppedKernel({ machine, types, symbols }) };
}

/** A real guest with the test modules in its files, and what its kernel is read with. */
export async function bootReadKernel(): Promise<{
  readonly lab: Lab;
  readonly kernel: StoppedKernel;
  /** 0 for a symbol that there is not. */
  readonly addressOf: (symbol: string) => bigint;
}> {
  const reading = await readKernel();
  const lab = await bootLab();
  await unpackModules(lab);
  await lab.checkpoint();
  return {
    lab,
    kernel: reading.of(lab.machine),
    addressOf: (symbol) => reading.symbols.addressOf(symbol) ?? 0n,
  };
}
