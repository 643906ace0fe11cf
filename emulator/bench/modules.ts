import { parseTar } from "nanotar";
import { Images, type Lab } from "../lab/index.js";
import { nodeImageSource } from "../node/image-source.js";
import { MODULES } from "./healthy-loads.js";

/** A module file of the image set that the tests load. */
export interface TestModule {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export async function readTestModules(): Promise<TestModule[]> {
  const images = await Images.open(nodeImageSource());
  const archive = await images.source.gunzip(await images.read("i686/modules.tar.gz"));
  return parseTar(archive).flatMap(({ name, data }) => {
    const file = name.split("/").at(-1);
    return file?.endsWith(".ko") && data !== undefined ? [{ name: file, bytes: data }] : [];
  });
}

/** Puts the test modules into the guest's {@link MODULES}. */
export async function unpackModules(lab: Lab): Promise<void> {
  for (const { name, bytes } of await readTestModules()) {
    await lab.writeFile(`${MODULES}/${name}`, bytes);
  }
}
